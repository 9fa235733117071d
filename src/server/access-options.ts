/** From what a user asks for to who may talk to the server. */
import { randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { badUsage } from "../base/errors.ts";
import { isLoopback, loopbackFrames, loopbackHosts, type Access } from "./access.ts";

export interface AccessOptions {
  /** Address to listen on. Default: 127.0.0.1. Beyond loopback (127.0.0.1, localhost, ::1) a token is asked for. */
  readonly host?: string;
  /** Asked for on a loopback address, too; made at random where one is needed and none is given. */
  readonly token?: string;
  /** Further names that requests may address this server by, on any port. */
  readonly allowHosts?: readonly string[];
  /** Origins, beyond this machine's, whose pages may show the page of one concept in a frame. */
  readonly allowFrames?: readonly string[];
}

export interface OpenAccess {
  readonly access: Access;
  /** What to listen on. */
  readonly host: string;
  /** What the server is called in addresses, the most useful first. */
  readonly names: readonly string[];
}

/** All addresses of the machine. */
const anyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

export function openAccess(options: AccessOptions, port: () => number): OpenAccess {
  const { host = "127.0.0.1", allowHosts = [], allowFrames = [] } = options;
  const own = isLoopback(host);
  const names = own ? [inAddress(host)] : anyAddress.has(host) ? namesOfMachine() : [inAddress(host)];
  return {
    host,
    names,
    access: {
      port,
      hosts: new Set(own ? loopbackHosts : [...loopbackHosts, ...names.map((name) => name.toLowerCase())]),
      forwardedHosts: new Set(allowHosts.map(checkedHost)),
      token: options.token === undefined ? (own ? null : randomToken()) : checkedToken(options.token),
      frames: [...loopbackFrames, ...allowFrames.map(checkedOrigin)],
    },
  };
}

function randomToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Short ones can be guessed, others do not fit into addresses and cookies. */
function checkedToken(token: string): string {
  if (/^[\w.~-]{16,256}$/.test(token)) return token;
  throw badUsage(
    `the token has ${token.length} characters; expected 16 to 256 letters, digits or any of . _ ~ -, or leave it out for a random one`,
  );
}

function checkedHost(host: string): string {
  if (/^([\w.-]+|\[[\da-f:.]+\])$/i.test(host)) return host.toLowerCase();
  throw badUsage(`--allow-host ${host} is no host name; expected a name or address without a port`);
}

function checkedOrigin(origin: string): string {
  const parsed = URL.parse(origin);
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.origin === origin.replace(/\/$/, "")) {
    return parsed.origin;
  }
  throw badUsage(`--allow-frame ${origin} is no origin; expected one such as https://example.org`);
}

/** Addresses that other machines reach it by, and its name. */
function namesOfMachine(): string[] {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => inAddress(address));
  const sorted = outside.toSorted((a, b) => Number(a.startsWith("[")) - Number(b.startsWith("[")));
  return [...sorted, hostname().toLowerCase(), "localhost"];
}

function inAddress(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

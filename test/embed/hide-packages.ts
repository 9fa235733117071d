/** Loaded before a program: the packages named in VIADUCT_TEST_HIDDEN are not there for it. */
import { registerHooks } from "node:module";

const hidden = (process.env["VIADUCT_TEST_HIDDEN"] ?? "").split(",");

registerHooks({
  resolve(specifier, context, next) {
    if (!hidden.includes(specifier)) return next(specifier, context);
    const error = new Error(`Cannot find package '${specifier}'`);
    throw Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
  },
});

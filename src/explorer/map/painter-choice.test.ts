import { describe, expect, it } from "vitest";
import { choosePainter, isHardware, painterOrder, webglRenderer } from "./painter-choice.ts";

describe("which painter a machine gets", () => {
  it.each([
    ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)", true],
    ["Apple M2", true],
    ["Mesa Intel(R) UHD Graphics 620 (KBL GT2)", true],
    ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)", false],
    ["llvmpipe (LLVM 17.0.6, 256 bits)", false],
    ["ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)", false],
    ["Apple Software Renderer", false],
    ["", false],
  ])("knows whether %s is hardware: %s", (renderer, expected) => {
    expect(isHardware(renderer)).toBe(expected);
  });

  it("tries the GPU only where there is one, and pixels after it", () => {
    expect(painterOrder("auto", "Apple M2")).toEqual(["webgl", "pixels"]);
    expect(painterOrder("auto", "llvmpipe (LLVM 17)")).toEqual(["pixels"]);
    expect(painterOrder("auto", null)).toEqual(["pixels"]);
    expect(painterOrder("pixels", "Apple M2")).toEqual(["pixels"]);
    expect(painterOrder("webgl", null)).toEqual(["webgl", "pixels"]);
    expect(painterOrder("list", "Apple M2")).toEqual([]);
  });

  it("asks for a new canvas for every try and gives none where no canvas can be drawn on", () => {
    let made = 0;
    const deaf = () => {
      made++;
      return { getContext: () => null } as unknown as HTMLCanvasElement;
    };
    expect(choosePainter(["webgl", "pixels"], deaf)).toBeNull();
    expect(made).toBe(2);
    expect(webglRenderer(deaf)).toBeNull();
  });
});

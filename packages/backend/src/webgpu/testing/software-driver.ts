import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where drivers are that compute on the CPU: Chromium's SwiftShader, Mesa's lavapipe. */
const DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
  '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json',
  '/usr/share/vulkan/icd.d/lvp_icd.aarch64.json',
  '/usr/share/vulkan/icd.d/lvp_icd.json',
];

/**
 * The environment in which a process finds a software driver for Vulkan (that of `XCP_VULKAN_ICD`, or one that is
 * installed), or undefined where there is none.
 */
export function softwareDriver(): NodeJS.ProcessEnv | undefined {
  const file = process.env.XCP_VULKAN_ICD ?? DRIVERS.find((path) => existsSync(path));
  if (file === undefined) return undefined;
  // Chromium has the loader beside its driver.
  const loader = existsSync(join(dirname(file), 'libvulkan.so.1'));
  const paths = [loader ? dirname(file) : undefined, process.env.LD_LIBRARY_PATH];
  const LD_LIBRARY_PATH = paths.filter(Boolean).join(':');
  return { VK_ICD_FILENAMES: file, VK_DRIVER_FILES: file, ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) };
}

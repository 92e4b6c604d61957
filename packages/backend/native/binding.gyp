{
  "variables": {
    "flags": ["-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-math-errno", "-ffp-contract=fast", "-Wall", "-Wextra", "-Wno-psabi"],
    "avx2": ["-mavx2", "-mfma"],
    "avx512": ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma"]
  },
  "target_defaults": {
    "cflags!": ["-O2", "-O3"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-omit-frame-pointer"],
    "cflags_cc": ["<@(flags)", "-O3", "-fvisibility=hidden"],
    "cflags": ["-fPIC"],
    "xcode_settings": {
      "GCC_OPTIMIZATION_LEVEL": "3",
      "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "MACOSX_DEPLOYMENT_TARGET": "11.0",
      "OTHER_CPLUSPLUSFLAGS": ["<@(flags)"]
    },
    # Microsoft's compiler has no vector extensions: clang-cl of Visual Studio builds the kernels.
    "msbuild_toolset": "ClangCL",
    "msvs_settings": {
      "VCCLCompilerTool": {
        "ExceptionHandling": "0",
        "RuntimeTypeInfo": "false",
        "AdditionalOptions": ["/std:c++17", "/clang:-O3", "/clang:-fno-math-errno", "/clang:-ffp-contract=fast"]
      }
    },
    "defines": ["_HAS_EXCEPTIONS=0"]
  },
  "targets": [
    {
      "target_name": "kernels_baseline",
      "type": "static_library",
      "sources": ["kernels-baseline.cpp"]
    },
    {
      "target_name": "xcp",
      "sources": ["addon.cpp", "isa.cpp", "memory.cpp", "pin.cpp", "scratch.cpp", "start-thread.cpp", "threads.cpp"],
      "dependencies": ["kernels_baseline"],
      "conditions": [
        ["target_arch=='x64'", { "dependencies": ["kernels_avx2", "kernels_avx512"] }],
        ["OS=='linux'", { "ldflags": ["-pthread", "-Wl,--exclude-libs,ALL"], "libraries": ["-ldl"] }]
      ]
    }
  ],
  "conditions": [
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "kernels_avx2",
          "type": "static_library",
          "sources": ["kernels-avx2.cpp"],
          "cflags_cc": ["<@(avx2)"],
          "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["<@(flags)", "<@(avx2)"] },
          "msvs_settings": { "VCCLCompilerTool": { "AdditionalOptions": ["<@(avx2)"] } }
        },
        {
          "target_name": "kernels_avx512",
          "type": "static_library",
          "sources": ["kernels-avx512.cpp"],
          "cflags_cc": ["<@(avx512)", "-mprefer-vector-width=512"],
          "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["<@(flags)", "<@(avx512)"] },
          "msvs_settings": { "VCCLCompilerTool": { "AdditionalOptions": ["<@(avx512)"] } }
        }
      ]
    }]
  ]
}

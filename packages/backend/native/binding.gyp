{
  "variables": {
    "flags": ["-std=c++17", "-O3", "-fno-exceptions", "-fno-rtti", "-fno-math-errno", "-ffp-contract=fast", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wno-psabi"],
    "x64": "<!(node -p \"process.arch === 'x64' ? 1 : 0\")"
  },
  "target_defaults": {
    "cflags!": ["-O2", "-O3"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-omit-frame-pointer"],
    "cflags_cc": ["<@(flags)"],
    "cflags": ["-fPIC"],
    "xcode_settings": { "GCC_OPTIMIZATION_LEVEL": "3", "OTHER_CPLUSPLUSFLAGS": ["<@(flags)"], "MACOSX_DEPLOYMENT_TARGET": "11.0" }
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
      "conditions": [["x64==1", { "dependencies": ["kernels_avx2", "kernels_avx512"] }]],
      "ldflags": ["-pthread", "-Wl,--exclude-libs,ALL"]
    }
  ],
  "conditions": [
    ["x64==1", {
      "targets": [
        {
          "target_name": "kernels_avx2",
          "type": "static_library",
          "sources": ["kernels-avx2.cpp"],
          "cflags_cc": ["-mavx2", "-mfma"],
          "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["<@(flags)", "-mavx2", "-mfma"] }
        },
        {
          "target_name": "kernels_avx512",
          "type": "static_library",
          "sources": ["kernels-avx512.cpp"],
          "cflags_cc": ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma", "-mprefer-vector-width=512"],
          "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["<@(flags)", "-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma"] }
        }
      ]
    }]
  ]
}

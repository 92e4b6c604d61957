{
  "targets": [
    {
      "target_name": "xcp_mpi",
      "sources": ["addon.cpp", "communicator.cpp", "half.cpp"],
      "cflags!": ["-O2", "-O3"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-std=c++17", "-O3", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-fvisibility=hidden",
        # The C++ bindings of MPI-2, which are gone from the standard, would need their own library.
        "-DOMPI_SKIP_MPICXX=1", "-DMPICH_SKIP_MPICXX=1",
        "<!@(node ../scripts/mpi-flags.mjs --compile)"
      ],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": ["-DOMPI_SKIP_MPICXX=1", "-DMPICH_SKIP_MPICXX=1", "<!@(node ../scripts/mpi-flags.mjs --compile)"]
      },
      "libraries": ["<!@(node ../scripts/mpi-flags.mjs --link)"],
      "conditions": [["OS=='linux'", { "ldflags": ["-pthread"], "libraries": ["-ldl"] }]]
    }
  ]
}

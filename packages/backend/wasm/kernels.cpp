#define XCP_NAMESPACE xcp_wasm
#define XCP_TABLE xcp_table
#include "kernels/all.cpp"

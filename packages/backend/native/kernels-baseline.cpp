#define XCP_NAMESPACE xcp_baseline
#define XCP_TABLE xcp_table_baseline
#include "../kernels/all.cpp"

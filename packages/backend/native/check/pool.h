#pragma once

/// Uses the pool from several threads at once, resizes it meanwhile, nests loops and refuses scratch in the middle of
/// jobs; null, or what went wrong.
const char *check_pool(int rounds);

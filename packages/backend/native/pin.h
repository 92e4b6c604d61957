#pragma once

/// Keeps this library in the process until its end. Node unloads an addon when the last worker that loaded it ends,
/// and the pool's threads would go on in code that is no longer there.
void pin_library();

#pragma once

/// Starts a detached thread that runs `run(index)` and never returns; false where the system refuses. (std::thread
/// would end the process instead: a container's limit on threads must not.)
bool start_thread(void (*run)(int index), int index);

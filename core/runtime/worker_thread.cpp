#include "core/runtime/worker_thread.h"

#include <chrono>

namespace cairn::runtime {
namespace {

constexpr Duration kLook = std::chrono::hours(1);  // a task or the end wakes it

}  // namespace

WorkerThread::WorkerThread(std::size_t capacity) : tasks_(capacity), thread_([this] { run(); }) {}

WorkerThread::~WorkerThread() {
  tasks_.close();
  thread_.join();
}

void WorkerThread::run() {
  while (!tasks_.closed()) {
    const auto task = tasks_.pop(kLook);
    if (task && !tasks_.closed()) (*task)();
  }
}

}  // namespace cairn::runtime

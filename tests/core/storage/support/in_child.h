#pragma once
// Runs something in a process of its own: for locks between processes, and for what may end the
// process it runs in.

#include <sys/types.h>

#include <functional>
#include <string>

namespace cairn::storage::test {

/// Runs `work` in a child and waits: "ok" when it returned, else how the child ended ("signal 6").
/// What the child prints on standard error is dropped. Nothing of Catch2 may be used in `work`.
std::string in_child(const std::function<void()>& work);

/// A child that did `work` and then waits to be ended.
class WaitingChild {
 public:
  /// Returns when the child's `work` is done.
  explicit WaitingChild(const std::function<void()>& work);
  WaitingChild(const WaitingChild&) = delete;
  WaitingChild& operator=(const WaitingChild&) = delete;
  ~WaitingChild() { end(); }

  /// kill -9.
  void end();

 private:
  pid_t pid_ = -1;
};

}  // namespace cairn::storage::test

#include "tests/core/storage/support/in_child.h"

#include "core/base/assert.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace cairn::storage::test {

std::string in_child(const std::function<void()>& work) {
  const pid_t pid = fork();
  CAIRN_ASSERT(pid >= 0, "fork");
  if (pid == 0) {
    // Catch2 reports a signal by itself; here it is an ordinary end.
    for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) ::signal(number, SIG_DFL);
    const int null = ::open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "ok" : fmt::format("exit code {}", WEXITSTATUS(status));
}

WaitingChild::WaitingChild(const std::function<void()>& work) {
  std::array<int, 2> ready{};
  CAIRN_ASSERT(pipe(ready.data()) == 0, "pipe");
  pid_ = fork();
  CAIRN_ASSERT(pid_ >= 0, "fork");
  if (pid_ == 0) {
    work();
    const char done = 1;
    if (::write(ready[1], &done, 1) != 1) _exit(1);
    for (;;) pause();
  }
  close(ready[1]);
  char done = 0;
  CAIRN_ASSERT(::read(ready[0], &done, 1) == 1, "the child does its work");
  close(ready[0]);
}

void WaitingChild::end() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace cairn::storage::test

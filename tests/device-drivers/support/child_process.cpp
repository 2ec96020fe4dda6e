#include "tests/device-drivers/support/child_process.h"

#include "core/base/assert.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <spawn.h>
#include <utility>

namespace cairn::devices::test {

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  CAIRN_ASSERT(::pipe2(input.data(), O_CLOEXEC) == 0, "a pipe");
  CAIRN_ASSERT(::pipe2(output.data(), O_CLOEXEC) == 0, "a pipe");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);

  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  CAIRN_ASSERT(error == 0, "the program starts");
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
}

ChildProcess::~ChildProcess() {
  close_input();
  if (pid_ > 0) {
    send_signal(SIGKILL);
    wait();
  }
  ::close(output_);
}

std::optional<std::string> ChildProcess::read_line() {
  constexpr int kPatienceMs = 30'000;
  while (true) {
    if (const auto end = printed_.find('\n'); end != std::string::npos) {
      std::string line = printed_.substr(0, end);
      printed_.erase(0, end + 1);
      return line;
    }
    pollfd output{output_, POLLIN, 0};
    if (::poll(&output, 1, kPatienceMs) <= 0) return std::nullopt;
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(output_, buffer.data(), buffer.size());
    if (count <= 0) return std::nullopt;
    printed_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::string ChildProcess::ask(const std::string& line) {
  write(line + "\n");
  return read_line().value_or("(no answer)");
}

void ChildProcess::write(const std::string& text) const {
  CAIRN_ASSERT(::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
               "the program takes what a test writes");
}

void ChildProcess::close_input() {
  if (const int input = std::exchange(input_, -1); input >= 0) ::close(input);
}

void ChildProcess::send_signal(int number) const { ::kill(pid_, number); }

int ChildProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace cairn::devices::test

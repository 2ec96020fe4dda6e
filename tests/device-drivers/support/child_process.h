#pragma once
// A program run by a test, talked to over its standard input and output.

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace cairn::devices::test {

class ChildProcess {
 public:
  /// Starts `program` with `arguments`; its standard error is the test's.
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills it if it still runs.
  ~ChildProcess();

  /// The next line it prints, without its end; nothing at the end or after half a minute.
  std::optional<std::string> read_line();
  /// Sends a line and returns the line that answers it, or "(no answer)".
  std::string ask(const std::string& line);
  void write(const std::string& text) const;
  void close_input();
  void send_signal(int number) const;
  /// Waits for the end: the exit code, or minus the signal's number.
  int wait();

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string printed_;
};

}  // namespace cairn::devices::test

#pragma once
// Owner of one file descriptor: closes it exactly once, whichever way its scope is left. Any
// thread.

#include <unistd.h>

#include <utility>

namespace cairn::devices {

class FileDescriptor {
 public:
  /// Takes over what open(2) and the like returned; a negative number owns nothing.
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, kNone)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() {
    if (is_open()) ::close(fd_);
  }

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }

 private:
  static constexpr int kNone = -1;
  int fd_;
};

}  // namespace cairn::devices

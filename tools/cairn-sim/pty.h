#pragma once
// The wire of a virtual serial device: a pty whose other side a program opens like /dev/ttyACM0,
// found through a symbolic link such as udev makes. We hold only the master: so we see whether
// anybody has the device open, and closing the master is to the other side what pulling the plug
// is. One thread.

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <filesystem>
#include <memory>
#include <string>

namespace cairn::simulator {

class Pty {
 public:
  /// A new pty in raw mode behind `link`. The link is put in place in one step; one that is there
  /// is replaced if it leads to a pty. Errors: kUnavailable "no_pty", kConflict "link_taken",
  /// kUnavailable "no_link".
  static Result<std::unique_ptr<Pty>> create(std::filesystem::path link);

  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  /// Unplugs: hangs up on whoever has the device open and removes the link if it is still ours.
  ~Pty();

  /// Some program has the device open.
  [[nodiscard]] bool is_open() const;

  /// Sends all octets, waiting up to two seconds whenever the other side does not read.
  /// Errors: kUnavailable "not_read"; a part may have been sent, as the message says.
  Result<> write(BytesView octets);

  /// What the other side has sent; empty if nothing has come. Never waits.
  [[nodiscard]] Bytes read();

  /// For poll(2). Hung up for as long as no program has the device open.
  [[nodiscard]] int fd() const { return master_; }

 private:
  Pty(int master, std::filesystem::path link);
  Result<> prepare();
  [[nodiscard]] Result<> put_link() const;

  const int master_;
  const std::filesystem::path link_;
  std::filesystem::path device_;  // behind the link, e.g. /dev/pts/4
};

}  // namespace cairn::simulator

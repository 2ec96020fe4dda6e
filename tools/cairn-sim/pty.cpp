#include "tools/cairn-sim/pty.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace cairn::simulator {
namespace {

namespace fs = std::filesystem;

constexpr int kPatienceMs = 2000;

tl::unexpected<Error> no_pty(int error_number) {
  return fail(ErrorCode::kUnavailable, "no_pty",
              fmt::format("cannot make a pty: {}", std::generic_category().message(error_number)));
}

tl::unexpected<Error> no_link(const fs::path& link, const std::error_code& error) {
  return fail(ErrorCode::kUnavailable, "no_link",
              fmt::format("cannot make the link {}: {}", link.string(), error.message()));
}

/// Nothing is there, or what an earlier simulator left. A real device's link is never replaced.
bool is_free(const fs::path& link) {
  std::error_code error;
  if (fs::symlink_status(link, error).type() == fs::file_type::not_found) return true;
  const fs::path target = fs::read_symlink(link, error);
  return !error && target.parent_path() == "/dev/pts";
}

}  // namespace

Result<std::unique_ptr<Pty>> Pty::create(fs::path link) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0) return no_pty(errno);
  std::unique_ptr<Pty> pty(new Pty(master, std::move(link)));
  if (auto prepared = pty->prepare(); !prepared) return fail(prepared.error());
  if (auto linked = pty->put_link(); !linked) return fail(linked.error());
  return pty;
}

Pty::Pty(int master, fs::path link) : master_(master), link_(std::move(link)) {}

Pty::~Pty() {
  std::error_code error;
  const fs::path target = fs::read_symlink(link_, error);
  // A link that cannot be removed is left: the next simulator replaces it.
  if (!error && target == device_) fs::remove(link_, error);
  ::close(master_);
}

bool Pty::is_open() const {
  pollfd polled{master_, 0, 0};
  return ::poll(&polled, 1, 0) == 0;
}

Result<> Pty::write(BytesView octets) {
  const std::size_t all = octets.size();
  while (!octets.empty()) {
    pollfd polled{master_, POLLOUT, 0};
    const int ready = ::poll(&polled, 1, kPatienceMs);
    const bool is_writable = ready < 0 || (polled.revents & POLLOUT) != 0;
    if (!is_writable) {
      return fail(ErrorCode::kUnavailable, "not_read",
                  fmt::format("the program that has the device open does not read: {} of {} octets "
                              "were sent",
                              all - octets.size(), all));
    }
    const ssize_t count = ::write(master_, octets.data(), octets.size());
    if (count > 0) octets.remove_prefix(static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN && errno != EINTR) return no_pty(errno);
  }
  return {};
}

Bytes Pty::read() {
  std::array<char, 256> buffer{};
  const ssize_t count = ::read(master_, buffer.data(), buffer.size());
  return count > 0 ? Bytes(buffer.data(), static_cast<std::size_t>(count)) : Bytes();
}

Result<> Pty::prepare() {
  std::array<char, 64> name{};
  if (::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
      ::ptsname_r(master_, name.data(), name.size()) != 0) {
    return no_pty(errno);
  }
  device_ = name.data();
  // Opened and closed once: the master reports a hang-up only from then on. Raw, because a new pty
  // echoes, and the echo would come back to us for ever unread.
  const int slave = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) return no_pty(errno);
  termios settings{};
  const bool is_raw = ::tcgetattr(slave, &settings) == 0 &&
                      (::cfmakeraw(&settings), ::tcsetattr(slave, TCSANOW, &settings) == 0);
  const int error_number = errno;
  ::close(slave);
  return is_raw ? Result<>() : no_pty(error_number);
}

Result<> Pty::put_link() const {
  if (!is_free(link_)) {
    return fail(
        ErrorCode::kConflict, "link_taken",
        fmt::format("{} is there already and is not a simulator's link; choose another name",
                    link_.string()));
  }
  fs::path fresh = link_;
  fresh += fmt::format(".{}", ::getpid());
  std::error_code error;
  fs::create_symlink(device_, fresh, error);
  if (error) return no_link(link_, error);
  fs::rename(fresh, link_, error);
  if (error) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return no_link(link_, error);
  }
  return {};
}

}  // namespace cairn::simulator

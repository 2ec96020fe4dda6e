#include "tools/cairn-sim/virtual_printer.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::simulator {
namespace {

using std::chrono::milliseconds;
using Kind = PrinterFault::Kind;

// Of a slow answer.
constexpr Duration kSlowAfter = milliseconds(250);
constexpr Duration kSlowBetween = milliseconds(10);
constexpr std::size_t kSlowPiece = 7;

std::optional<MonoTime> earlier(std::optional<MonoTime> a, std::optional<MonoTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

VirtualPrinter::VirtualPrinter(VirtualPrinterConfig config, const Clock& clock)
    : VirtualDevice(DeviceKind::kPrinter, config.name),
      PrintEngine(config.name, config.language, config.print_time, clock),
      config_(std::move(config)),
      clock_(clock),
      address_(config_.address) {}

VirtualPrinter::~VirtualPrinter() { pull(); }

Result<> VirtualPrinter::plug() {
  const std::scoped_lock lock(plugging_);
  {
    const std::scoped_lock state(serving_);
    if (listener_) return plugged_already();
    auto listener = TcpListener::open(address_);
    if (!listener) return fail(listener.error());
    listener_ = *std::move(listener);
    address_.port = listener_->port();
  }
  stopping_ = false;
  wake_.clear();
  thread_ = std::thread([this] { serve(); });
  return {};
}

Result<> VirtualPrinter::unplug() {
  const std::scoped_lock lock(plugging_);
  if (!thread_.joinable()) return is_unplugged();
  pull();
  return {};
}

void VirtualPrinter::pull() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  wake_.wake();
  thread_.join();
  const std::scoped_lock state(serving_);
  power_off();
  hang_up();
  listener_.reset();
}

void VirtualPrinter::tell_place(json::Value& into) const { into.set("address", address().text()); }

void VirtualPrinter::tell_state(json::Value& into) const {
  const std::scoped_lock lock(serving_);
  into.set("plugged", listener_.has_value()).set("connected", connection_.has_value());
  tell(into);
}

Endpoint VirtualPrinter::address() const {
  const std::scoped_lock lock(serving_);
  return address_;
}

PlayedPrinter::Counts VirtualPrinter::counts() const {
  const std::scoped_lock lock(serving_);
  return count(connection_.has_value());
}

bool VirtualPrinter::wait(const std::function<bool(const Counts&)>& enough, milliseconds limit) {
  std::unique_lock lock(serving_);
  return stepped_.wait_for(lock, limit,
                           [this, &enough] { return enough(count(connection_.has_value())); });
}

void VirtualPrinter::serve() {
  while (!stopping_) {
    step();
    stepped_.notify_all();
  }
}

/// Waits for something to happen and does what it calls for.
void VirtualPrinter::step() {
  std::array<pollfd, 2> polled{{{-1, 0, 0}, {wake_.fd(), POLLIN, 0}}};
  int limit_ms = 0;
  {
    const std::scoped_lock lock(serving_);
    if (!connection_) {
      polled[0] = {listener_->fd(), POLLIN, 0};
    } else {
      const bool listens = listens_to_connection();
      polled[0] = {connection_->fd(), static_cast<short>(listens ? POLLIN : POLLRDHUP), 0};
    }
    const auto due = earlier(deadline(), connection_ ? connection_->deadline() : std::nullopt);
    limit_ms = poll_ms(due, clock_.mono_now());
  }
  ::poll(polled.data(), polled.size(), limit_ms);
  wake_.clear();
  if (stopping_) return;

  const std::scoped_lock lock(serving_);
  advance();
  if (!connection_) {
    if (polled[0].revents != 0) accept();
    return;
  }
  if (fault().kind == Kind::kClose) return hang_up();
  if (!listens_to_connection()) {
    // It does not read, but its network side sees that the program has gone.
    if ((polled[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) hang_up();
    return;
  }
  if (polled[0].revents != 0) take();
  if (connection_) answer(owed());
  if (connection_) connection_->flush(clock_.mono_now());
}

bool VirtualPrinter::listens_to_connection() const {
  return fault().kind != Kind::kDeaf && !is_full();
}

void VirtualPrinter::accept() {
  auto socket = listener_->accept();
  if (!socket.valid() || fault().kind == Kind::kClose) return;
  connection_.emplace(std::move(socket));
  forget_half();
}

void VirtualPrinter::take() {
  constexpr std::size_t kAtOnce = 4096;
  const PrinterFault how = fault();
  const bool resets = how.kind == Kind::kReset;
  const std::size_t left =
      resets ? how.reset_after - std::min(how.reset_after, connection_->taken()) : kAtOnce;
  const auto octets = left > 0 ? connection_->read(left) : std::string();
  if (!octets) return hang_up();
  answer(hear(*octets));
  if (resets && connection_->taken() >= how.reset_after) {
    connection_->reset_on_close();
    hang_up();
  }
}

void VirtualPrinter::answer(const std::vector<Bytes>& answers) {
  const bool is_slow = fault().kind == Kind::kSlow;
  const MonoTime now = clock_.mono_now();
  for (const Bytes& one : answers) {
    if (!is_slow) {
      connection_->send(one, now);
      continue;
    }
    MonoTime due = now + kSlowAfter;
    for (std::size_t at = 0; at < one.size(); at += kSlowPiece) {
      connection_->send(one.substr(at, kSlowPiece), due);
      due = due + kSlowBetween;
    }
  }
}

void VirtualPrinter::hang_up() {
  connection_.reset();
  forget_half();
}

}  // namespace cairn::simulator

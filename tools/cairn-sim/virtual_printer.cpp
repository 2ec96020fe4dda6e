#include "tools/cairn-sim/virtual_printer.h"

#include <fmt/format.h>
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

/// For poll(2): rounded up, so that it does not wake just before the time and spin.
int poll_ms(std::optional<MonoTime> due, MonoTime now) {
  constexpr int kForEver = -1;
  if (!due) return kForEver;
  return static_cast<int>(
      std::chrono::ceil<milliseconds>(std::max(*due - now, Duration::zero())).count());
}

std::optional<MonoTime> earlier(std::optional<MonoTime> a, std::optional<MonoTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

VirtualPrinter::VirtualPrinter(VirtualPrinterConfig config, const Clock& clock)
    : VirtualDevice(DeviceKind::kPrinter, config.name),
      config_(std::move(config)),
      clock_(clock),
      address_(config_.address),
      mechanism_(config_.print_time) {}

VirtualPrinter::~VirtualPrinter() { pull(); }

Result<> VirtualPrinter::plug() {
  const std::scoped_lock lock(plugging_);
  {
    const std::scoped_lock state(printing_);
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
  const std::scoped_lock state(printing_);
  mechanism_.advance(clock_.mono_now());
  mechanism_.power_off();
  hang_up();
  listener_.reset();
}

void VirtualPrinter::tell_place(json::Value& into) const { into.set("address", address().text()); }

void VirtualPrinter::tell_state(json::Value& into) const {
  const std::scoped_lock lock(printing_);
  const auto& obstacles = mechanism_.obstacles();
  auto numbers = json::Value::array();
  for (const auto& label : mechanism_.labels()) {
    auto one = json::Value::object();
    one.set("label", label.number).set("octets", label.zpl.size());
    numbers.add(std::move(one));
  }
  into.set("plugged", listener_.has_value())
      .set("connected", connection_.has_value())
      .set("paper", obstacles.paper_out ? "out" : "in")
      .set("lid", obstacles.lid_open ? "open" : "closed")
      .set("ribbon", obstacles.ribbon_out ? "out" : "in")
      .set("paused", obstacles.paused)
      .set("fault", fault_.text())
      .set("received", mechanism_.received())
      .set("waiting", mechanism_.waiting())
      .set("printed", mechanism_.printed())
      .set("drawer", drawer_)
      .set("labels", std::move(numbers));
}

Endpoint VirtualPrinter::address() const {
  const std::scoped_lock lock(printing_);
  return address_;
}

void VirtualPrinter::set_paper(bool in) {
  change([in](auto& obstacles) { obstacles.paper_out = !in; });
}

void VirtualPrinter::set_lid(bool open) {
  change([open](auto& obstacles) { obstacles.lid_open = open; });
}

void VirtualPrinter::set_ribbon(bool in) {
  change([in](auto& obstacles) { obstacles.ribbon_out = !in; });
}

void VirtualPrinter::set_paused(bool on) {
  change([on](auto& obstacles) { obstacles.paused = on; });
}

void VirtualPrinter::change(const std::function<void(PrinterMechanism::Obstacles&)>& how) {
  {
    const std::scoped_lock lock(printing_);
    auto obstacles = mechanism_.obstacles();
    how(obstacles);
    mechanism_.set(obstacles, clock_.mono_now());
  }
  wake_.wake();
}

Result<> VirtualPrinter::set_fault(const PrinterFault& fault) {
  {
    const std::scoped_lock lock(printing_);
    fault_ = fault;
  }
  wake_.wake();
  return {};
}

PlayedPrinter::Counts VirtualPrinter::counts() const {
  const std::scoped_lock lock(printing_);
  return count();
}

PlayedPrinter::Counts VirtualPrinter::count() const {
  return {mechanism_.received(), mechanism_.printed(), mechanism_.waiting(),
          connection_.has_value(), drawer_};
}

bool VirtualPrinter::wait(const std::function<bool(const Counts&)>& enough, milliseconds limit) {
  std::unique_lock lock(printing_);
  return stepped_.wait_for(lock, limit, [this, &enough] { return enough(count()); });
}

std::vector<PrinterMechanism::Label> VirtualPrinter::labels() const {
  const std::scoped_lock lock(printing_);
  return {mechanism_.labels().begin(), mechanism_.labels().end()};
}

Result<std::string> VirtualPrinter::label(std::uint64_t number) const {
  const std::scoped_lock lock(printing_);
  return find_label(mechanism_, number, name());
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
    const std::scoped_lock lock(printing_);
    if (!connection_) {
      polled[0] = {listener_->fd(), POLLIN, 0};
    } else {
      const bool listens = listens_to_connection();
      polled[0] = {connection_->fd(), static_cast<short>(listens ? POLLIN : POLLRDHUP), 0};
    }
    const auto due =
        earlier(mechanism_.deadline(), connection_ ? connection_->deadline() : std::nullopt);
    limit_ms = poll_ms(due, clock_.mono_now());
  }
  ::poll(polled.data(), polled.size(), limit_ms);
  wake_.clear();
  if (stopping_) return;

  const std::scoped_lock lock(printing_);
  mechanism_.advance(clock_.mono_now());
  if (!connection_) {
    if (polled[0].revents != 0) accept();
    return;
  }
  if (fault_.kind == Kind::kClose) return hang_up();
  if (!listens_to_connection()) {
    // It does not read, but its network side sees that the program has gone.
    if ((polled[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) hang_up();
    return;
  }
  if (polled[0].revents != 0) take();
  if (connection_) answer_processed();
  if (connection_) connection_->flush(clock_.mono_now());
}

bool VirtualPrinter::listens_to_connection() const {
  return fault_.kind != Kind::kDeaf && !mechanism_.is_full();
}

void VirtualPrinter::accept() {
  auto socket = listener_->accept();
  if (!socket.valid() || fault_.kind == Kind::kClose) return;
  connection_.emplace(std::move(socket));
  intake_.reset();
  escpos_.reset();
  processed_asked_ = false;
}

void VirtualPrinter::take() {
  constexpr std::size_t kAtOnce = 4096;
  const bool resets = fault_.kind == Kind::kReset;
  const std::size_t left =
      resets ? fault_.reset_after - std::min(fault_.reset_after, connection_->taken()) : kAtOnce;
  const auto octets = left > 0 ? connection_->read(left) : std::string();
  if (!octets) return hang_up();
  if (config_.language == VirtualPrinterConfig::Language::kEscPos) {
    take_escpos(*octets);
  } else {
    take_zpl(*octets);
  }
  if (resets && connection_->taken() >= fault_.reset_after) {
    connection_->reset_on_close();
    hang_up();
  }
}

void VirtualPrinter::take_zpl(const std::string& octets) {
  for (auto& arrival : intake_.feed(octets)) {
    if (arrival.kind == ZplIntake::Arrival::Kind::kStatusAsked) {
      answer_status();
    } else {
      mechanism_.take(std::move(arrival.zpl), clock_.mono_now());
    }
  }
}

void VirtualPrinter::take_escpos(const std::string& octets) {
  using What = EscPosIntake::Arrival::Kind;
  for (auto& arrival : escpos_.feed(octets)) {
    switch (arrival.kind) {
      case What::kPrinted:
        mechanism_.take(std::move(arrival.octets), clock_.mono_now());
        break;
      case What::kProcessedAsked:
        processed_asked_ = true;
        break;
      case What::kStatusAsked:
        answer(std::string(1, mechanism_.real_time_status(arrival.question)));
        break;
      case What::kDrawer:
        ++drawer_;
        break;
    }
  }
  answer_processed();
}

void VirtualPrinter::answer_processed() {
  if (!processed_asked_ || mechanism_.waiting() > 0 || mechanism_.obstacles().any()) return;
  processed_asked_ = false;
  answer(std::string(1, '\0'));
}

void VirtualPrinter::answer_status() { answer(mechanism_.host_status(intake_.is_partial())); }

void VirtualPrinter::answer(std::string status) {
  if (fault_.kind == Kind::kMute) return;
  const MonoTime now = clock_.mono_now();
  if (fault_.kind != Kind::kSlow) return connection_->send(status, now);
  MonoTime due = now + kSlowAfter;
  for (std::size_t at = 0; at < status.size(); at += kSlowPiece) {
    connection_->send(status.substr(at, kSlowPiece), due);
    due = due + kSlowBetween;
  }
}

void VirtualPrinter::hang_up() {
  connection_.reset();
  intake_.reset();
  escpos_.reset();
  processed_asked_ = false;
}

}  // namespace cairn::simulator

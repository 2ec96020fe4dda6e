#include "core/runtime/sse_hub.h"

#include "core/base/assert.h"
#include "core/json/value.h"
#include "core/runtime/detail/event_ring.h"
#include "core/runtime/detail/sse_client.h"
#include "core/runtime/system_random.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cairn::runtime {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kReconnectSoon = "retry: 2000\n\n";  // milliseconds; browsers wait 3-5 s

std::string new_boot() {
  SystemRandom random;
  return fmt::format("{:08x}", static_cast<std::uint32_t>(random.next()));
}

}  // namespace

SseHub::SseHub(const Clock& clock, Metrics& metrics) : SseHub(clock, metrics, Options{}) {}

SseHub::SseHub(const Clock& clock, Metrics& metrics, Options options)
    : clock_(clock),
      metrics_(metrics),
      options_(std::move(options)),
      boot_(new_boot()),
      ring_(std::make_unique<EventRing>(boot_, options_.kept_events)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(wake_fd_.valid(), "a process that cannot open an eventfd cannot serve anybody");
  thread_ = std::thread([this] { run(); });
}

SseHub::~SseHub() {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.stop = true;
  }
  wake();
  thread_.join();
}

void SseHub::publish(std::string_view event, const std::string& json) {
  ring_->append(event, json);
  if (clients() > 0) wake();
}

void SseHub::attach(Client client) {
  {
    const std::scoped_lock lock(mutex_);
    inbox_.arrivals.push_back(std::move(client));
    ++client_count_;
  }
  wake();
}

std::size_t SseHub::clients() const {
  const std::scoped_lock lock(mutex_);
  return client_count_;
}

void SseHub::disconnect_all() {
  std::uint64_t ticket = 0;
  {
    const std::scoped_lock lock(mutex_);
    ticket = ++inbox_.disconnects;
  }
  wake();
  std::unique_lock lock(mutex_);
  disconnected_.wait(lock, [this, ticket] { return disconnects_done_ >= ticket; });
}

void SseHub::wake() {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(woken_, true)) return;
  const std::uint64_t one = 1;
  const ssize_t written = ::write(wake_fd_.get(), &one, sizeof one);
  CAIRN_ASSERT(written == sizeof one, "an eventfd takes a number");
}

void SseHub::run() {
  std::uint64_t disconnects = 0;
  MonoTime next_heartbeat = clock_.mono_now() + options_.heartbeat;
  for (;;) {
    wait_for_something(next_heartbeat);
    Inbox inbox = take_inbox();
    if (inbox.stop) break;
    for (Client& client : inbox.arrivals) accept(std::move(client));
    if (inbox.disconnects != std::exchange(disconnects, inbox.disconnects)) clients_.clear();
    if (clock_.mono_now() >= next_heartbeat) {
      heartbeat();
      next_heartbeat = clock_.mono_now() + options_.heartbeat;
    }
    serve_clients();
    report(disconnects);
  }
  clients_.clear();
}

/// Until a client can be read or written, another thread wants something, or the heartbeat is due.
void SseHub::wait_for_something(MonoTime next_heartbeat) {
  std::vector<pollfd> polled{{wake_fd_.get(), POLLIN, 0}};
  for (const SseClient& client : clients_) {
    const short events = client.blocked() ? POLLIN | POLLOUT : POLLIN;
    polled.push_back({client.fd(), events, 0});
  }
  const Duration left = std::max(next_heartbeat - clock_.mono_now(), Duration::zero());
  const auto timeout_ms = static_cast<int>(std::chrono::ceil<milliseconds>(left).count());
  if (::poll(polled.data(), polled.size(), timeout_ms) <= 0) return;
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    const short happened = polled[i + 1].revents;
    if ((happened & POLLOUT) != 0) clients_[i].unblock();
    if ((happened & (POLLIN | POLLERR | POLLHUP)) != 0) clients_[i].read();
  }
}

/// The eventfd first: whoever writes to it after that finds woken_ false or its wish taken here.
SseHub::Inbox SseHub::take_inbox() {
  std::uint64_t wakes = 0;
  [[maybe_unused]] const ssize_t got = ::read(wake_fd_.get(), &wakes, sizeof wakes);  // or EAGAIN
  const std::scoped_lock lock(mutex_);
  woken_ = false;
  return {std::exchange(inbox_.arrivals, {}), inbox_.disconnects, inbox_.stop};
}

void SseHub::accept(Client client) {
  const EventRing::Start start = ring_->start(client.last_event_id);
  std::string first = std::move(client.head);
  first += kReconnectSoon;
  if (!start.resumed) {
    auto hello = json::Value::object();
    hello.set("boot", boot_).set("missed", client.last_event_id.has_value());
    if (!options_.build.empty()) hello.set("build", options_.build);
    first += event_frame(ring_->id_of(start.after), "hello", hello.dump());
  }
  const std::uint64_t behind = ring_->last() - start.after;
  clients_.emplace_back(std::move(client.socket), std::move(first), start.after,
                        options_.lag_max + behind);
}

void SseHub::heartbeat() {
  const auto time = json::Value::object().set("time", clock_.utc_now().text());
  const std::string frame = event_frame("", "heartbeat", time.dump());
  for (SseClient& client : clients_) client.add(frame);
}

void SseHub::serve_clients() {
  for (SseClient& client : clients_) {
    client.send(*ring_);
    if (client.state() == SseClient::State::kTooSlow) metrics_.count("sse_slow_clients_total");
  }
  std::erase_if(clients_,
                [](const SseClient& client) { return client.state() != SseClient::State::kAlive; });
}

/// Tells the other threads how many there are and which calls of disconnect_all() are done.
void SseHub::report(std::uint64_t disconnects) {
  if (std::exchange(reported_clients_, clients_.size()) != clients_.size()) {
    metrics_.gauge("sse_clients", static_cast<std::int64_t>(clients_.size()));
  }
  {
    const std::scoped_lock lock(mutex_);
    client_count_ = clients_.size() + inbox_.arrivals.size();
    disconnects_done_ = disconnects;
  }
  disconnected_.notify_all();
}

}  // namespace cairn::runtime

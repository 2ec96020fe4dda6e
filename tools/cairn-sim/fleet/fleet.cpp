#include "tools/cairn-sim/fleet/fleet.h"

#include "core/json/value.h"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

namespace cairn::simulator::fleet {
namespace {

constexpr double kConnectsPerSecond = 1'000;

double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }
Duration of_seconds(double s) { return Duration(static_cast<std::int64_t>(s * 1e6)); }

void say(const json::Value& value) {
  std::fputs((value.dump() + "\n").c_str(), stdout);
  std::fflush(stdout);
}

/// Of this process, in MiB.
double rss_mib() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident) * 4 / 1024;
}

tl::unexpected<Error> failed(const char* reason, const std::string& what) {
  return fail(ErrorCode::kUnavailable, reason, what);
}

}  // namespace

Fleet::Fleet(const FleetOptions& options, const Clock& clock, Random& random,
             std::function<bool()> stopped)
    : options_(options),
      stopped_(std::move(stopped)),
      shared_{clock, random, options.broker, {}, {}, 0, 0},
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  const std::size_t count = options_.accounts.size();
  due_of_.resize(count);
  watched_.assign(count, {-1, false});
  const MonoTime begin = now();
  for (std::size_t i = 0; i < count; ++i) {
    const MonoTime at = begin + of_seconds(static_cast<double>(i) / kConnectsPerSecond);
    nodes_.push_back(std::make_unique<FleetNode>(options_.accounts[i], shared_, at));
    settle(i);
  }
}

Fleet::~Fleet() {
  for (const auto& node : nodes_) node->leave();
}

Result<> Fleet::play() {
  if (auto ok = connect_all(); !ok) return ok;
  if (auto ok = trade(); !ok) return ok;
  return options_.storm ? weather_storm() : Result<>{};
}

Result<> Fleet::connect_all() {
  const MonoTime begin = now();
  while (live() < nodes_.size()) {
    if (auto ok = turn_until(now() + of_seconds(0.1)); !ok) return ok;
    if (now() - begin < of_seconds(options_.patience_seconds)) continue;
    const auto out = std::ranges::find_if(nodes_, [](const auto& node) { return !node->live(); });
    return failed(
        "not_connected",
        fmt::format("{} of {} nodes are in conversation with the hub; one that is not: {}", live(),
                    nodes_.size(), (*out)->detail().empty() ? "no answer" : (*out)->detail()));
  }
  say(json::Value::object()
          .set("phase", "connected")
          .set("nodes", nodes_.size())
          .set("seconds", seconds(now() - begin)));
  return {};
}

Result<> Fleet::trade() {
  const Duration every = of_seconds(1 / options_.rate);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto phase = static_cast<std::int64_t>(shared_.random.next() %
                                                 static_cast<std::uint64_t>(every.count()));
    nodes_[i]->trade(now() + Duration(phase), every);
    settle(i);
  }
  if (auto ok = turn_until(now() + of_seconds(options_.warm_up_seconds)); !ok) return ok;
  shared_.acks = {};
  shared_.pings = {};
  const std::uint64_t frames = shared_.frames;
  const MonoTime begin = now();
  if (auto ok = turn_until(begin + of_seconds(options_.seconds)); !ok) return ok;
  const double took = seconds(now() - begin);
  say(json::Value::object()
          .set("phase", "trading")
          .set("seconds", took)
          .set("acked", shared_.acks.count())
          .set("acks_per_second", static_cast<double>(shared_.acks.count()) / took)
          .set("frames_per_second", static_cast<double>(shared_.frames - frames) / took)
          .set("p50_ms", shared_.acks.percentile_ms(50))
          .set("p99_ms", shared_.acks.percentile_ms(99))
          .set("broker_p99_ms", shared_.pings.percentile_ms(99))
          .set("lost_connections", shared_.lost_connections)
          .set("rss_mib", rss_mib()));
  return {};
}

Result<> Fleet::weather_storm() {
  const MonoTime begin = now();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->cut(begin);
    settle(i);
  }
  while (!is_over(begin)) {
    if (auto ok = turn_until(now() + of_seconds(0.05)); !ok) return ok;
    if (now() - begin > of_seconds(options_.patience_seconds)) {
      return failed("storm_not_over",
                    fmt::format("{} of {} nodes are back", live(), nodes_.size()));
    }
  }
  say(json::Value::object()
          .set("phase", "storm")
          .set("seconds", seconds(now() - begin))
          .set("rss_mib", rss_mib()));
  return {};
}

bool Fleet::is_over(MonoTime since) const {
  return std::ranges::all_of(nodes_, [since](const auto& node) {
    const auto oldest = node->oldest();
    return node->live() && (!oldest || *oldest > since);
  });
}

std::size_t Fleet::live() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(nodes_, [](const auto& node) { return node->live(); }));
}

Result<> Fleet::turn_until(MonoTime end) {
  while (now() < end) {
    if (stopped_()) return failed("stopped", "told to stop");
    turn(end - now());
  }
  return {};
}

void Fleet::turn(Duration at_most) {
  Duration wait = at_most;
  if (!due_.empty()) wait = std::min(wait, due_.begin()->first - now());
  std::array<epoll_event, 256> events;
  const auto ms = static_cast<int>(std::clamp<std::int64_t>(wait.count() / 1000, 0, 100));
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), ms);
  const MonoTime at = now();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const std::size_t index = event.data.u64;
    if ((event.events & EPOLLOUT) != 0) nodes_[index]->on_writable(at);
    if ((event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) nodes_[index]->on_readable(at);
    settle(index);
  }
  while (!due_.empty() && due_.begin()->first <= at) {
    const std::size_t index = due_.begin()->second;
    nodes_[index]->on_time(at);
    settle(index);
  }
}

/// Puts into the tables what the node waits for now.
void Fleet::settle(std::size_t index) {
  FleetNode& node = *nodes_[index];
  due_.erase(due_of_[index]);
  // Never at once again: whatever a machine wants, the others get their turn.
  due_of_[index] = {std::max(node.due(), now() + Duration(500)), index};
  due_.insert(due_of_[index]);
  const std::pair<int, bool> wanted{node.fd(), node.has_unsent()};
  auto& watched = watched_[index];
  if (wanted == watched) return;
  epoll_event event{};
  event.events = EPOLLIN | (wanted.second ? EPOLLOUT : 0U);
  event.data.u64 = index;
  // A descriptor that was closed is forgotten by the kernel; its number may be another's by now.
  if (wanted.first >= 0 && ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, wanted.first, &event) != 0) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wanted.first, &event);
  }
  watched = wanted;
}

}  // namespace cairn::simulator::fleet

#include "core/runtime/detail/connection_watch.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace cairn::runtime {
namespace {

/// With nothing to wait for, somebody will notify.
constexpr Duration kLong = std::chrono::hours(1);

}  // namespace

ConnectionWatch::ConnectionWatch(const Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ConnectionWatch::Ticket::Ticket(ConnectionWatch& watch, UniqueFd socket)
    : watch_(watch), id_(watch.add(std::move(socket))) {}

ConnectionWatch::Ticket::~Ticket() { watch_.remove(id_); }

void ConnectionWatch::Ticket::idle(Duration at_most) { watch_.set(id_, at_most, true); }
void ConnectionWatch::Ticket::transfer(Duration at_most) { watch_.set(id_, at_most, false); }
void ConnectionWatch::Ticket::work() { watch_.set(id_, std::nullopt, false); }

std::uint64_t ConnectionWatch::add(UniqueFd socket) {
  const std::scoped_lock lock(mutex_);
  watched_[next_id_].socket = std::move(socket);
  return next_id_++;
}

void ConnectionWatch::set(std::uint64_t id, std::optional<Duration> at_most, bool idle) {
  const std::scoped_lock lock(mutex_);
  Watched& watched = watched_.at(id);
  watched.idle = idle;
  watched.deadline = at_most ? std::optional(clock_.mono_now() + *at_most) : std::nullopt;
  if (idle && stopping_) ::shutdown(watched.socket.get(), SHUT_RDWR);
  if (watched.deadline && *watched.deadline < wakes_at_) changed_.notify_all();
}

void ConnectionWatch::remove(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  watched_.erase(id);
}

void ConnectionWatch::stop() {
  const std::scoped_lock lock(mutex_);
  stopping_ = true;
  for (const auto& [id, watched] : watched_) {
    if (watched.idle) ::shutdown(watched.socket.get(), SHUT_RDWR);
  }
}

void ConnectionWatch::abort() {
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, watched] : watched_) ::shutdown(watched.socket.get(), SHUT_RDWR);
}

void ConnectionWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const MonoTime now = clock_.mono_now();
    wakes_at_ = now + kLong;
    for (auto& [id, watched] : watched_) {
      if (!watched.deadline) continue;
      if (now >= *watched.deadline) {
        ::shutdown(watched.socket.get(), SHUT_RDWR);
        watched.deadline.reset();
      } else {
        wakes_at_ = std::min(wakes_at_, *watched.deadline);
      }
    }
    changed_.wait_for(lock, wakes_at_ - now);
  }
}

}  // namespace cairn::runtime

#include "core/runtime/detail/connection_registry.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <utility>

namespace cairn::runtime {
namespace {

/// Wakes a thread that waits for input; what has arrived can still be read.
void end_input(Poco::Net::StreamSocket& socket) {
  try {
    socket.shutdownReceive();
  } catch (const Poco::Exception&) {
    return;  // the peer was faster: the thread is awake already
  }
}

}  // namespace

ConnectionRegistry::Seat::Seat(ConnectionRegistry& registry, std::list<Entry>::iterator entry)
    : registry_(registry), entry_(entry) {}

ConnectionRegistry::Seat::~Seat() {
  // Under the lock, so that nobody shuts down a number that the system has given to another socket.
  const std::scoped_lock lock(registry_.mutex_);
  registry_.entries_.erase(entry_);
  registry_.left_.notify_all();
}

Poco::Net::StreamSocket& ConnectionRegistry::Seat::socket() const { return *entry_->socket; }

bool ConnectionRegistry::Seat::rest() {
  const std::scoped_lock lock(registry_.mutex_);
  if (registry_.stopping_ || !registry_.waiting_.empty()) return false;
  entry_->idle = true;
  registry_.entries_.splice(registry_.entries_.end(), registry_.entries_, entry_);
  return true;
}

void ConnectionRegistry::Seat::work() {
  const std::scoped_lock lock(registry_.mutex_);
  entry_->idle = false;
}

ConnectionRegistry::ConnectionRegistry(std::size_t max_threads, std::size_t max_waiting)
    : max_threads_(max_threads), max_waiting_(max_waiting) {}

ConnectionRegistry::Socket ConnectionRegistry::admit(Socket socket) {
  const std::scoped_lock lock(mutex_);
  if (stopping_ || waiting_.size() >= max_waiting_) return socket;
  waiting_.push_back(std::move(socket));
  arrived_.notify_one();
  if (entries_.size() + waiting_.size() <= max_threads_) return nullptr;
  const auto idle = std::ranges::find(entries_, true, &Entry::idle);
  if (idle != entries_.end()) {
    idle->idle = false;
    end_input(*idle->socket);
  }
  return nullptr;
}

std::unique_ptr<ConnectionRegistry::Seat> ConnectionRegistry::take() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (stopping_) return nullptr;
  const auto entry = entries_.insert(entries_.end(), Entry{std::move(waiting_.front()), false});
  waiting_.pop_front();
  return std::make_unique<Seat>(*this, entry);
}

bool ConnectionRegistry::crowded() const {
  const std::scoped_lock lock(mutex_);
  return stopping_ || !waiting_.empty();
}

void ConnectionRegistry::stop() {
  const std::scoped_lock lock(mutex_);
  stopping_ = true;
  waiting_.clear();
  for (Entry& entry : entries_) end_input(*entry.socket);
  arrived_.notify_all();
}

bool ConnectionRegistry::wait_until_empty(Duration timeout) {
  std::unique_lock lock(mutex_);
  return left_.wait_for(lock, timeout, [this] { return entries_.empty(); });
}

void ConnectionRegistry::abort() {
  const std::scoped_lock lock(mutex_);
  for (Entry& entry : entries_) {
    try {
      entry.socket->shutdown();
    } catch (const Poco::Exception&) {
      continue;  // gone already
    }
  }
}

}  // namespace cairn::runtime

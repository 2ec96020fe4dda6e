#include "core/storage/read_pool.h"

#include <utility>

namespace cairn::storage {

ReadPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      spoiled_(other.spoiled_) {}

ReadPool::Lease::~Lease() {
  if (pool_ == nullptr) return;
  {
    const std::scoped_lock lock(pool_->mutex_);
    --pool_->lent_;
    if (!spoiled_) pool_->idle_.push_back(std::move(connection_));
  }
  pool_->returned_.notify_one();
}

Result<ReadPool::Lease> ReadPool::borrow() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return lent_ < most_; });
    ++lent_;
    if (!idle_.empty()) {
      Connection connection = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(connection));
    }
  }
  auto opened = Connection::open_reader(path_);
  if (!opened) {
    {
      const std::scoped_lock lock(mutex_);
      --lent_;
    }
    returned_.notify_one();
    return fail(opened.error());
  }
  return Lease(*this, *std::move(opened));
}

}  // namespace cairn::storage

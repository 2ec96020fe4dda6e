#pragma once
// The gate for reads outside the loop: a few read-only connections, each query in one snapshot. Any
// thread.

#include "core/base/result.h"
#include "core/storage/damage.h"
#include "core/storage/sqlite/connection.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

namespace cairn::storage {

class ReadPool {
 public:
  /// Opens connections when they are first needed, at most `most`.
  ReadPool(std::string path, std::size_t most) : path_(std::move(path)), most_(most) {}

  /// Runs `query` on a snapshot of the last commit. Waits for a free connection.
  /// Errors: kUnavailable "storage_failed", "database_unavailable".
  template <class Query>
  auto read(Query query) -> Result<std::invoke_result_t<Query, Connection&>> {
    auto lease = borrow();
    if (!lease) return fail(lease.error());
    try {
      lease->connection().execute("BEGIN");
      auto answer = query(lease->connection());
      lease->connection().execute("COMMIT");
      return answer;
    } catch (const SqlFailure& failure) {
      lease->spoil();
      if (failure.kind == SqlFailure::Kind::kCorrupt) note_suspicion(path_);
      return fail(failure.error());
    }
  }

 private:
  /// A borrowed connection; a spoiled one is closed instead of given back.
  class Lease {
   public:
    Lease(ReadPool& pool, Connection connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& connection() { return connection_; }
    void spoil() { spoiled_ = true; }

   private:
    ReadPool* pool_;
    Connection connection_;
    bool spoiled_ = false;
  };

  Result<Lease> borrow();

  const std::string path_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Connection> idle_;
  std::size_t lent_ = 0;
};

}  // namespace cairn::storage

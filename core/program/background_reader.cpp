#include "core/program/background_reader.h"

#include <utility>

namespace cairn::program {
namespace {

constexpr std::size_t kWaiting = 64;

}  // namespace

BackgroundReader::BackgroundReader(storage::ReadPool& readers, Executor& executor)
    : readers_(&readers), executor_(&executor), thread_(kWaiting) {}

void BackgroundReader::read(Query query, Done done) {
  const bool taken = thread_.post([this, query = std::move(query), done] {
    const auto read = readers_->read([&query](storage::Connection& connection) {
      query(connection);
      return true;
    });
    Result<> outcome;
    if (!read) outcome = fail(read.error());
    // A full loop has more urgent things to do: whoever asked asks again.
    static_cast<void>(executor_->post([done, outcome] { done(outcome); }));
  });
  if (taken) return;
  executor_->after(Duration(0), [done = std::move(done)] {
    done(fail(ErrorCode::kUnavailable, "reader_busy", "too many long reads wait already"));
  });
}

}  // namespace cairn::program

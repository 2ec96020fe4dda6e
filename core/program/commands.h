#pragma once
// From an HTTP thread to the disk and back: runs a request's work as one job of the writer and
// answers after the commit. With an Idempotency-Key the answer is kept beside the effect, so that a
// repetition is answered as the first time and done once. Any thread but the loop's.

#include "core/base/executor.h"
#include "core/json/value.h"
#include "core/runtime/auth.h"
#include "core/runtime/http_message.h"
#include "core/storage/writer.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace cairn::program {

/// What a request's work answers.
struct Answer {
  json::Value body;
  int status = 200;
  /// What a repetition is told instead: without a secret that is shown once and kept nowhere.
  std::optional<json::Value> repeated_body = std::nullopt;
  /// What was made or changed, for the audit trail, where the path does not name it.
  std::string subject{};
};

class Commands {
 public:
  using Job = storage::Writer::Job<Answer>;
  /// Runs on the loop after the commit, before the answer is sent; not for repetitions.
  using Committed = std::function<void(const Answer&)>;
  /// Runs on the loop if nothing was committed, whatever the job said: undoes what the job did
  /// beside the database. (A job may run twice; what it takes, its second run finds taken.)
  using NotCommitted = std::function<void()>;

  /// Writes down, in the job's own transaction, that it was done; not for repetitions.
  using Witness = std::function<void(storage::UnitOfWork&, const Answer&)>;
  /// Makes the witness of a request. Any thread.
  using Audit = std::function<Witness(const runtime::HttpRequest&, const runtime::Principal&)>;

  /// `audit`: none where every act is a record of the log anyway.
  Commands(Executor& executor, storage::Writer& writer, Audit audit = {})
      : executor_(&executor), writer_(&writer), audit_(std::move(audit)) {}

  /// Errors: those of the job; kInvalid "idempotency_key_reused" (the same key with another
  /// request), "bad_idempotency_key"; kUnavailable.
  Result<runtime::HttpResponse> run(const runtime::HttpRequest& request,
                                    const runtime::Principal& principal, Job job,
                                    Committed committed = {}, NotCommitted not_committed = {});

  /// The kept answer if this very request was done before. For what comes before the job and must
  /// not be done for nothing: a PIN that is tried, a parcel that is weighed. Errors: as run().
  Result<std::optional<runtime::HttpResponse>> repeated(const runtime::HttpRequest& request,
                                                        const runtime::Principal& principal);

 private:
  Executor* executor_;
  storage::Writer* writer_;
  Audit audit_;
};

}  // namespace cairn::program

#pragma once
// What of the log is folded, and folding sooner because a person wants the room. HTTP threads.

#include "core/base/executor.h"
#include "core/json/value.h"
#include "core/program/log_fold.h"
#include "core/runtime/http_message.h"
#include "core/runtime/http_server.h"
#include "core/storage/folded_log.h"
#include "core/storage/read_pool.h"

#include <vector>

namespace cairn::program {

/// Records that have left their rows, and what that has saved.
json::Value folded_json(const storage::FoldedTotals& totals);

std::vector<runtime::Route> fold_routes(Executor& executor, LogFold& fold,
                                        storage::ReadPool& readers);

}  // namespace cairn::program

#pragma once
// A record of the log as JSON: its place, its words as far as this program understands them, its
// octets. Any thread.

#include "core/json/value.h"
#include "core/storage/log_reader.h"

namespace cairn::program {

/// LogRecord of docs/api.
json::Value record_json(const storage::LogRow& row);

}  // namespace cairn::program

#pragma once
// An import as docs/api/hub.openapi.yaml shows it. Any thread.

#include "central/imports/import_service.h"
#include "core/json/value.h"

namespace cairn::central {

json::Value import_json(const ImportStatus& status);

}  // namespace cairn::central

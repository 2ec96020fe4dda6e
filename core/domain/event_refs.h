#pragma once
// The references to other records that an event holds: they change when what they name is issued
// again under another number (docs/protocol.md, repair). Pure.

#include "core/domain/event.h"

#include <functional>

namespace cairn::domain {

/// Calls `visit` with each of them. Optional ones that are absent are passed over.
void each_ref(Event& event, const std::function<void(EventRef&)>& visit);

}  // namespace cairn::domain

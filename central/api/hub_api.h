#pragma once
// What every route file of the hub works with. Any thread.

#include "central/approvals/approval_desk.h"
#include "central/backup/backup_service.h"
#include "central/capture/capture_config.h"
#include "central/hub_core.h"
#include "central/imports/import_service.h"
#include "central/notifications/message_templates.h"
#include "central/notifications/outbox.h"
#include "central/routing/routing_desk.h"
#include "core/program/commands.h"
#include "core/program/disk_watch.h"
#include "core/runtime/http_server.h"
#include "core/storage/audit_anchor.h"
#include "core/storage/read_pool.h"

#include <chrono>
#include <functional>
#include <vector>

namespace cairn::central {

/// All references outlive the routes.
struct HubApi {
  Env env;
  HubCore& core;
  program::Commands& commands;
  storage::ReadPool& readers;
  ImportService& imports;
  BackupService& backups;
  RoutingDesk& routing;
  program::DiskWatch& disk;
  const CaptureConfig& capture;
  ApprovalRules approval_rules;
  storage::AuditAnchor audit_anchor;
};

/// How long a request waits for the event loop.
inline constexpr Duration kLoopPatience = std::chrono::seconds(5);

using HubHandler = Result<runtime::HttpResponse> (*)(const HubApi&, const runtime::HttpRequest&,
                                                     const runtime::Principal&);

/// The handler with its API.
inline runtime::Handler with(const HubApi& api, HubHandler handler) {
  return [api, handler](const runtime::HttpRequest& request, const runtime::Principal& principal) {
    return handler(api, request, principal);
  };
}

std::vector<runtime::Route> api_key_routes(const HubApi& api);
std::vector<runtime::Route> approval_routes(const HubApi& api);
std::vector<runtime::Route> audit_routes(const HubApi& api);
/// `build`: of the pages; empty: there are none.
std::vector<runtime::Route> device_routes(const std::string& build);
std::vector<runtime::Route> registry_routes(const HubApi& api);
std::vector<runtime::Route> node_control_routes(const HubApi& api);
std::vector<runtime::Route> status_routes(const HubApi& api);
std::vector<runtime::Route> staff_routes(const HubApi& api);
std::vector<runtime::Route> import_routes(const HubApi& api);
std::vector<runtime::Route> lease_routes(const HubApi& api);
std::vector<runtime::Route> backup_routes(const HubApi& api);
/// `rules`: of what shoppers are told.
std::vector<runtime::Route> capture_routes(const HubApi& api, const OutboxRules& rules);
std::vector<runtime::Route> catalogue_routes(const HubApi& api);
/// `templates`: makes templates for one preview.
std::vector<runtime::Route> notification_routes(const HubApi& api, const OutboxRules& rules,
                                                std::function<MessageTemplates()> templates);
std::vector<runtime::Route> order_routes(const HubApi& api);
std::vector<runtime::Route> payment_routes(const HubApi& api);
std::vector<runtime::Route> pickup_routes(const HubApi& api);
std::vector<runtime::Route> promise_routes(const HubApi& api);
std::vector<runtime::Route> promotion_routes(const HubApi& api);
std::vector<runtime::Route> routing_routes(const HubApi& api);
std::vector<runtime::Route> routing_run_routes(const HubApi& api);
std::vector<runtime::Route> settlement_routes(const HubApi& api);
std::vector<runtime::Route> stock_adjustment_routes(const HubApi& api);
std::vector<runtime::Route> supply_routes(const HubApi& api);
std::vector<runtime::Route> shopify_routes(const HubApi& api);
std::vector<runtime::Route> stored_value_routes(const HubApi& api);

}  // namespace cairn::central

#pragma once
// Everything the hub is told by its configuration file (docs/configuration.md), read once in
// main().

#include "central/approvals/approval_desk.h"
#include "central/backup/backup_service.h"
#include "central/capture/capture_config.h"
#include "central/labels/label_blocks.h"
#include "central/notifications/notification_config.h"
#include "central/payments/http_provider.h"
#include "central/routing/rejections.h"
#include "central/routing/routing_desk.h"
#include "core/program/common_config.h"

#include <string>

namespace cairn::central {

struct HubConfig {
  program::CommonConfig common;
  RoutingDeskSettings routing;
  RejectionRules rejections;
  std::int64_t keep_decisions_days = 0;
  LabelConfig labels;
  BackupConfig backup;
  HttpProviderConfig payments;
  CaptureConfig capture;
  bool capture_shipped = false;  ///< what leaves is paid by itself
  NotificationConfig notifications;
  ApprovalRules approvals;
  std::uint64_t snapshot_records = 0;
  std::string summary;  ///< what was read, without secrets
};

/// Errors: kNotFound "no_config", kInvalid "bad_config" with every problem at once.
Result<HubConfig> load_hub_config(const std::string& file, const runtime::Environment& environment);

}  // namespace cairn::central

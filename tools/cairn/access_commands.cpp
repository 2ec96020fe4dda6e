// cairn api-key and cairn audit: programs' keys, and whether the audit trail is what was written.

#include "core/storage/audit_anchor.h"
#include "core/storage/data_dir.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/printing.h"
#include "tools/cairn/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace cairn::tool {
namespace {

constexpr std::int64_t kAuditPage = 500;
constexpr Duration kAuditPatience = std::chrono::minutes(10);  // the whole trail is read for it

struct AuditFound {
  std::int64_t entries = 0;
  std::int64_t cuts = 0;
  std::string head;
  std::string why;  ///< empty: it is whole
};

int print_audit(const AuditFound& found) {
  print("{} entries are whole, the last is {}\n", found.entries, visible(found.head));
  if (found.cuts > 0) {
    print(
        "{} times the hub noticed that entries it had written were gone: a backup was put back, "
        "or somebody removed them; see the entries audit.cut\n",
        found.cuts);
  }
  if (found.why.empty()) return kDone;
  print("the trail was changed: {}\n", sentence(found.why));
  return kLook;
}

}  // namespace

Result<int> api_key_create_command(ApiSession& api, const ApiKeyArguments& arguments) {
  auto scopes = json::Value::array();
  for (const std::string& scope : arguments.scopes) scopes.add(scope);
  auto body = json::Value::object();
  body.set("name", arguments.name).set("scopes", std::move(scopes));
  if (!arguments.expires_at.empty()) body.set("expires_at", arguments.expires_at);
  const auto done = api.post("/api/v1/api-keys", body);
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto secret = in.text("secret", {1, 256});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}\n", visible(secret));
  return kDone;
}

Result<int> api_key_list_command(ApiSession& api) {
  const auto body = api.get("/api/v1/api-keys");
  if (!body) return fail(body.error());
  TextTable table({"key", "name", "made by", "expires", "revoked", "last used", "scopes"});
  json::Reader in = read_answer(*body);
  for (json::Reader& key : in.objects("items", 100'000)) {
    std::string scopes;
    for (const json::Value& scope : key.values("scopes", 1000))
      scopes += (scopes.empty() ? "" : " ") + scope.dump();
    table.add({key.text("id", {1, 64}), key.text("name", {0, kAnyLength}),
               key.text("made_by_name", {0, kAnyLength}),
               key.optional_text("expires_at", {0, 64}).value_or("never"),
               key.optional_text("revoked_at", {0, 64}).value_or(""),
               key.optional_text("last_used_at", {0, 64}).value_or(""), scopes});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}", table.text());
  return kDone;
}

Result<int> api_key_revoke_command(ApiSession& api, const ApiKeyArguments& arguments) {
  const auto done = api.remove("/api/v1/api-keys/" + escaped(arguments.key));
  if (!done) return fail(done.error());
  json::Reader in = read_answer(*done);
  const auto name = in.text("name", {0, kAnyLength});
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("the key {} is revoked: it is good for nothing any more\n", visible(name));
  return kDone;
}

Result<int> audit_list_command(ApiSession& api, const AuditArguments& arguments) {
  TextTable table({">entry", "at", "who", "verb", "route", "subject", "outcome"});
  const auto body =
      api.get(fmt::format("/api/v1/audit?limit={}", std::min(arguments.limit, kAuditPage)));
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  for (json::Reader& entry : in.objects("items", static_cast<std::size_t>(kAuditPage))) {
    table.add({fmt::format("{}", entry.integer("seq", 1, kAnyCount)), entry.text("at", {1, 64}),
               entry.text("name", {0, kAnyLength}), entry.text("verb", {0, kAnyLength}),
               entry.text("route", {0, kAnyLength}), entry.text("subject", {0, kAnyLength}),
               entry.text("outcome", {0, kAnyLength})});
  }
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  print("{}", table.text());
  return kDone;
}

Result<int> audit_verify_command(ApiSession& api, const AuditArguments& arguments) {
  std::string path = "/api/v1/audit/verification";
  if (!arguments.head.empty()) path += "?head=" + escaped(arguments.head);
  const auto body = api.get(path, kAuditPatience);
  if (!body) return fail(body.error());
  json::Reader in = read_answer(*body);
  const AuditFound found{in.integer("entries", 0, kAnyCount), in.integer("cuts", 0, kAnyCount),
                         in.text("head", {1, 256}), in.text("why", {0, kAnyLength})};
  if (auto ok = api.understood(in); !ok) return fail(ok.error());
  return print_audit(found);
}

Result<int> audit_verify_offline_command(const AuditArguments& arguments) {
  std::optional<storage::AuditHead> anchor;
  if (!arguments.head.empty()) {
    const auto head = storage::parse_audit_head(arguments.head);
    if (!head) return fail(head.error());
    anchor = *head;
  }
  const auto directory = storage::DataDir::open_existing(arguments.data_dir);
  if (!directory) return fail(directory.error());
  auto connection = storage::Connection::open_reader(directory->database());
  if (!connection) return fail(connection.error());
  try {
    const auto found = storage::verify_audit(*connection, anchor);
    return print_audit({static_cast<std::int64_t>(found.entries),
                        static_cast<std::int64_t>(found.cuts), storage::audit_head_text(found.head),
                        found.why});
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
}

}  // namespace cairn::tool

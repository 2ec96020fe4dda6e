#pragma once
// Signing in with a name and a PIN, on every interface, loopback included. Five wrong PINs for a
// name lock it for five minutes. Sessions survive a restart: a picker goes on where the power went
// off. At head office every sign-in, refused ones too, is in the audit trail. Any thread but the
// loop's.

#include "core/base/env.h"
#include "core/base/id_source.h"
#include "core/program/api_keys.h"
#include "core/runtime/auth.h"
#include "core/storage/read_pool.h"
#include "core/storage/session_table.h"
#include "core/storage/writer.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace cairn::program {

class Sessions final : public runtime::Authenticator {
 public:
  /// `site`: whose staff may sign in; empty: head office.
  Sessions(Env env, storage::Writer& writer, storage::ReadPool& readers, SiteId site)
      : env_(env),
        writer_(&writer),
        readers_(&readers),
        site_(std::move(site)),
        keys_(env, writer, readers) {}

  struct Started {
    std::string token;  ///< shown once
    runtime::Principal principal;
    storage::SessionRow row;
  };
  /// Errors: kDenied "unauthenticated" (name or PIN is wrong), "locked_out"; kUnavailable
  /// "no_staff_yet".
  Result<Started> sign_in(const std::string& name, const std::string& pin,
                          const std::string& station);
  Result<> sign_out(const runtime::Principal& principal);
  /// A second person, beside the one who is signed in, proves to be there. Errors: those of
  /// sign_in(), but kDenied "wrong_approval" for a wrong name or PIN; kDenied "not_allowed"
  /// (without the permission).
  Result<UserId> approve(const std::string& name, const std::string& pin,
                         std::string_view permission);
  /// The session behind a signed-in request. Errors: kDenied "unauthenticated"; kNotFound
  /// "no_session" (of an API key).
  Result<storage::SessionRow> current(const runtime::Principal& principal);

  /// Of a session's token, or of an API key's secret.
  Result<runtime::Principal> authenticate(std::string_view bearer_token) override;

 private:
  struct Attempts {
    int wrong = 0;
    MonoTime locked_until;
    MonoTime last;
    bool known = false;  ///< a name of this site
  };

  /// Counts as wrong until forgive(), so that guesses sent at once are no more than guesses in
  /// turn. Errors: kDenied "locked_out".
  Result<> begin_attempt(const std::string& name, bool known);
  void forgive(const std::string& name);
  void forget_a_made_up_name(MonoTime now);
  /// Who has this name and PIN. A device that never heard from the hub knows nobody: that is not a
  /// wrong PIN. Errors: those of sign_in().
  Result<domain::StaffMember> prove(const std::string& name, const std::string& pin);
  /// Head office: appends it when there is time; nobody waits, so that the answer takes as long for
  /// a name that does not exist. What is no name may be a PIN in the wrong field: it is not written
  /// down, and guesses at made-up names are told once a minute.
  void audit_refused(const std::optional<domain::StaffMember>& member);
  Result<> check_pin(const std::optional<domain::StaffMember>& member, const std::string& pin);
  [[nodiscard]] runtime::Principal principal_of(const domain::StaffMember& member,
                                                SessionId session) const;

  Env env_;
  storage::Writer* writer_;
  storage::ReadPool* readers_;
  SiteId site_;
  ApiKeys keys_;
  std::mutex mutex_;  ///< guards attempts_, stranger_told_
  std::map<std::string, Attempts> attempts_;
  std::optional<MonoTime> stranger_told_;
  std::mutex hashing_;  ///< one PIN at a time: each needs 8 MiB and tens of milliseconds
};

}  // namespace cairn::program

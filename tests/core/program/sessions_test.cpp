// Who is signed in: every state of a session with everything that can be asked of it.

#include "core/program/sessions.h"

#include "core/crypto/pin.h"
#include "core/storage/audit_trail.h"
#include "tests/core/program/support/desk.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::program::sessions_test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::test::site;
using storage::test::user;

const std::string kPin = "471100";

const std::string& pin_hash() {
  static const std::string hash = *crypto::hash_pin(kPin);
  return hash;
}

/// Ann picks at the store, Lea leads there.
struct Door : test::Desk {
  Sessions sessions{env(), writer, readers, site("store")};

  void assign(std::uint64_t number, const std::string& name, domain::Role role,
              bool active = true) {
    store.append(domain::ReferenceEvent(
                     domain::StaffAssigned{{user(number), name, role, pin_hash(), active}}),
                 domain::staff_key(site("store"), user(number)), site("store"));
  }
  void open() {
    assign(1, "Ann", domain::Role::kPicker);
    assign(2, "Lea", domain::Role::kShiftLead);
  }
  Sessions::Started sign_in(const std::string& name, const std::string& station = "bench-1") {
    auto started = sessions.sign_in(name, kPin, station);
    REQUIRE(started);
    return *std::move(started);
  }
  void guess(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) CHECK_FALSE(sessions.sign_in(name, "000000", "bench-1"));
  }
};

enum class State {
  kNobodyYet,  ///< the hub has not told of anybody
  kSignedIn,
  kSignedOut,
  kExpired,
  kReplaced,  ///< somebody else signed in at the station
  kLeft,      ///< not of the staff any more
  kLocked,    ///< too many wrong PINs meanwhile
};

/// "" is allowed. Columns: sign in, approve, authenticate, current, sign out.
using Row = std::array<std::string, 5>;

const std::map<State, Row>& expected_table() {
  static const std::string no = "unauthenticated";
  static const std::map<State, Row> table{
      {State::kNobodyYet, {"no_staff_yet", "no_staff_yet", no, no, ""}},
      {State::kSignedIn, {"", "not_allowed", "", "", ""}},
      {State::kSignedOut, {"", "not_allowed", no, no, ""}},
      {State::kExpired, {"", "not_allowed", no, "", ""}},  // whoever asks was authenticated before
      {State::kReplaced, {"", "not_allowed", no, no, ""}},
      {State::kLeft, {no, "wrong_approval", no, "", ""}},
      {State::kLocked, {"locked_out", "locked_out", "", "", ""}},
  };
  return table;
}

/// Ann's session in that state.
Sessions::Started bring_to(Door& door, State state) {
  if (state == State::kNobodyYet) {
    Sessions::Started none;
    none.token = "token";
    return none;
  }
  door.open();
  Sessions::Started ann = door.sign_in("Ann");
  if (state == State::kSignedOut) REQUIRE(door.sessions.sign_out(ann.principal));
  if (state == State::kExpired) door.store.clock.advance(hours(12));
  if (state == State::kReplaced) door.sign_in("Lea");
  if (state == State::kLeft) door.assign(1, "Ann", domain::Role::kPicker, false);
  if (state == State::kLocked) door.guess("Ann", 5);
  return ann;
}

std::string reason_of(const Error& error) {
  CHECK_FALSE(error.message.empty());
  return error.reason;
}

std::string ask(Door& door, const Sessions::Started& ann, std::size_t column) {
  const auto reason = [](const auto& answer) { return answer ? "" : reason_of(answer.error()); };
  switch (column) {
    case 0:
      return reason(door.sessions.sign_in("Ann", kPin, "bench-1"));
    case 1:
      return reason(door.sessions.approve("Ann", kPin, "pick.force_release"));
    case 2:
      return reason(door.sessions.authenticate(ann.token));
    case 3:
      return reason(door.sessions.current(ann.principal));
    default:
      return reason(door.sessions.sign_out(ann.principal));
  }
}

TEST_CASE("session table: every state with every question", "[program][sessions][table]") {
  for (const auto& [state, row] : expected_table()) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      CAPTURE(static_cast<int>(state), column);
      Door door;
      const Sessions::Started ann = bring_to(door, state);
      CHECK(ask(door, ann, column) == row.at(column));
    }
  }
}

TEST_CASE("session: it says who is there, where, and what they may do", "[program][sessions]") {
  Door door;
  door.open();
  const Sessions::Started ann = door.sign_in("Ann", "bench-7");
  CHECK(ann.principal.name == "Ann");
  CHECK(ann.principal.role == "PICKER");
  CHECK(ann.principal.site == site("store"));
  CHECK(ann.row.station == "bench-7");
  const auto found = door.sessions.authenticate(ann.token);
  REQUIRE(found);
  CHECK(found->user == user(1));
  CHECK(found->session == ann.row.id);
  CHECK(found->permissions == ann.principal.permissions);
  const auto row = door.sessions.current(*found);
  REQUIRE(row);
  CHECK(row->station == "bench-7");
  // The token itself is kept nowhere.
  CHECK(door.store.number("SELECT count(*) FROM session WHERE hex(token_hash) = hex('" + ann.token +
                          "')") == 0);
}

TEST_CASE("session: a second person who may do it lets it pass, and needs no session",
          "[program][sessions]") {
  Door door;
  door.open();
  const auto may = domain::permissions_of(domain::Role::kShiftLead);
  const auto picker = domain::permissions_of(domain::Role::kPicker);
  const auto only_lead = std::ranges::find_if(
      may, [&picker](const auto& one) { return std::ranges::find(picker, one) == picker.end(); });
  REQUIRE(only_lead != may.end());
  const auto lea = door.sessions.approve("Lea", kPin, *only_lead);
  REQUIRE(lea);
  CHECK(*lea == user(2));
  CHECK(door.sessions.approve("Ann", kPin, *only_lead).error().reason == "not_allowed");
  // Not the reason of a session that has ended: whoever asks is still signed in.
  CHECK(door.sessions.approve("Lea", "000000x", *only_lead).error().reason == "wrong_approval");
  CHECK(storage::sessions(door.store.connection(), door.store.clock.now).empty());
}

TEST_CASE("session: wrong PINs lock a name for five minutes, whoever it is",
          "[program][sessions]") {
  Door door;
  door.open();
  for (const std::string name : {"Ann", "Nobody"}) {
    CAPTURE(name);
    for (int i = 0; i < 5; ++i) {
      const auto wrong = door.sessions.sign_in(name, "000000", "bench-1");
      REQUIRE_FALSE(wrong);
      CHECK(wrong.error().code == ErrorCode::kDenied);
      CHECK(wrong.error().reason == "unauthenticated");
    }
    const auto locked = door.sessions.sign_in(name, kPin, "bench-1");
    REQUIRE_FALSE(locked);
    CHECK(locked.error().reason == "locked_out");
    CHECK(locked.error().retry_after_s == 300);
  }
  // Nobody else is, and after five minutes Ann is not either.
  CHECK(door.sessions.sign_in("Lea", kPin, "bench-1"));
  door.store.clock.advance(minutes(5) - seconds(1));
  CHECK(door.sessions.sign_in("Ann", kPin, "bench-2").error().retry_after_s == 1);
  door.store.clock.advance(seconds(1));
  CHECK(door.sessions.sign_in("Ann", kPin, "bench-2"));
}

TEST_CASE("session: a right PIN forgives the wrong ones before it", "[program][sessions]") {
  Door door;
  door.open();
  door.guess("Ann", 4);
  door.sign_in("Ann");
  door.guess("Ann", 4);
  CHECK(door.sessions.sign_in("Ann", kPin, "bench-1"));
}

TEST_CASE("session: a person may be signed in at two stations", "[program][sessions]") {
  Door door;
  door.open();
  const auto one = door.sign_in("Ann", "bench-1");
  const auto two = door.sign_in("Ann", "bench-2");
  REQUIRE(door.sessions.sign_out(one.principal));
  CHECK_FALSE(door.sessions.authenticate(one.token));
  CHECK(door.sessions.authenticate(two.token));
}

/// Head office, where what people do is in the audit trail.
struct Office : test::Desk {
  Sessions sessions{env(), writer, readers, SiteId{}};

  Office() {
    store.append(domain::ReferenceEvent(domain::StaffAssigned{
                     {user(1), "Ada", domain::Role::kAdmin, pin_hash(), true}}),
                 domain::staff_key(SiteId{}, user(1)), SiteId{});
  }
  std::string trail() {
    std::string told;
    auto entries = storage::audit_page(store.connection(), {});
    std::ranges::reverse(entries);
    for (const auto& entry : entries) {
      told += entry.fact.name + " " + entry.fact.verb + " " + entry.fact.outcome + "; ";
    }
    return told;
  }
  std::string add_key(std::uint64_t number, std::optional<UtcTime> expires_at = std::nullopt) {
    storage::ApiKeyRow key;
    key.id = user(number);
    key.name = "shop " + std::to_string(number);
    key.scopes = {"orders.read"};
    key.made_by = user(1);
    key.made_at = store.clock.now;
    key.expires_at = expires_at;
    std::string secret = make_api_key_secret();
    REQUIRE(storage::add_api_key(store.connection(), key, secret));
    return secret;
  }
};

TEST_CASE("session: head office's sign-ins are in the audit trail, wrong ones too",
          "[program][sessions][audit]") {
  Office office;
  const auto ada = office.sessions.sign_in("Ada", kPin, "");
  REQUIRE(ada);
  REQUIRE(office.sessions.sign_out(ada->principal));
  CHECK_FALSE(office.sessions.sign_in("Ada", "000000", ""));
  CHECK(office.trail() == "Ada sign_in 201; Ada sign_out 204; Ada sign_in refused; ");
  CHECK_FALSE(storage::verify_audit(office.store.connection(), std::nullopt).broken);
}

TEST_CASE("session: guesses at made-up names do not fill the audit trail, nor stand in it",
          "[program][sessions][audit]") {
  Office office;
  for (const auto* const name : {"471100", "Bob", "Eve"}) {
    CHECK_FALSE(office.sessions.sign_in(name, "000000", ""));
  }
  CHECK(office.trail() == "(nobody's name) sign_in refused; ");
  office.store.clock.advance(minutes(1));
  CHECK_FALSE(office.sessions.sign_in("Bob", "000000", ""));
  CHECK(office.trail() == "(nobody's name) sign_in refused; (nobody's name) sign_in refused; ");
}

TEST_CASE("session: a site's sign-ins are in no audit trail", "[program][sessions][audit]") {
  Door door;
  door.open();
  door.sign_in("Ann");
  door.guess("Ann", 1);
  CHECK(storage::audit_head(door.store.connection()).seq == 0);
}

TEST_CASE("api key: its scopes are its permissions, and its maker answers for it",
          "[program][api_keys]") {
  Office office;
  const std::string secret = office.add_key(7);
  CHECK((secret.starts_with("cairn_") && secret.size() == 6 + 64));
  const auto shop = office.sessions.authenticate(secret);
  REQUIRE(shop);
  CHECK((shop->user == user(7) && shop->person == user(1) && shop->name == "shop 7"));
  CHECK((shop->may("orders.read") && !shop->may("stock.read") && shop->role == "API_KEY"));
  CHECK(shop->session == SessionId{});
  CHECK(office.sessions.current(*shop).error().reason == "no_session");
  CHECK(office.sessions.sign_out(*shop).error().reason == "no_session");
}

TEST_CASE("api key: unknown, expired and revoked ones are good for nothing",
          "[program][api_keys]") {
  Office office;
  const UtcTime end{office.store.clock.now.us + 1'000'000};
  const std::string brief = office.add_key(7, end);
  const std::string revoked = office.add_key(8);
  CHECK(office.sessions.authenticate(brief));
  CHECK(office.sessions.authenticate(revoked));
  office.store.clock.advance(seconds(1));
  storage::revoke_api_key(office.store.connection(), user(8), office.store.clock.now);
  for (const std::string& secret :
       {brief, revoked, std::string("cairn_"), make_api_key_secret(), brief + "0"}) {
    const auto refused = office.sessions.authenticate(secret);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "unauthenticated");
  }
}

TEST_CASE("api key: when it was used is written at most every ten minutes", "[program][api_keys]") {
  Office office;
  const std::string secret = office.add_key(7);
  const auto used = [&office] {
    return storage::find_api_key(office.store.connection(), user(7))->last_used_at;
  };
  const UtcTime first = office.store.clock.now;
  REQUIRE(office.sessions.authenticate(secret));
  CHECK(used() == first);
  office.store.clock.advance(minutes(9));
  REQUIRE(office.sessions.authenticate(secret));
  CHECK(used() == first);
  office.store.clock.advance(minutes(1));
  REQUIRE(office.sessions.authenticate(secret));
  CHECK(used() == office.store.clock.now);
}

}  // namespace
}  // namespace cairn::program::sessions_test

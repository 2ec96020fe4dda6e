// Whom the hub tells about orders, and what it told.

#include "central/api/contact_request.h"
#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/notifications/outbox.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/order_contacts.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value contact_json(OrderId order, const domain::OrderContact& contact) {
  auto object = json::Value::object();
  object.set("order", order.value().text()).set("channel", name_of(contact.channel));
  program::set_or_null(object, "email",
                       contact.email.empty() ? std::nullopt : std::optional(contact.email));
  return object.set("language", name_of(contact.language));
}

tl::unexpected<Error> no_contact() {
  return fail(ErrorCode::kNotFound, "no_such_contact",
              "nobody is told of this order: it has no contact, or there is no such order");
}

Result<HttpResponse> get_contact(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto order = id_of<OrderId>(request, "order");
  if (!order) return fail(order.error());
  const auto contact = api.readers.read([&order](storage::Connection& connection) {
    return storage::order_contact(connection, *order);
  });
  if (!contact) return fail(contact.error());
  if (!*contact) return no_contact();
  return runtime::json_response(contact_json(*order, **contact));
}

Result<HttpResponse> put_contact(const HubApi& api, const HttpRequest& request,
                                 const Principal& principal, const OutboxRules& rules) {
  const auto order = id_of<OrderId>(request, "order");
  if (!order) return fail(order.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const domain::OrderContact contact = read_contact(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return api.commands.run(without_key(request), principal,
                          [order = *order, contact, rules](UnitOfWork& work) -> Result<Answer> {
                            if (auto ok = set_contact(work, order, contact, rules); !ok) {
                              return fail(ok.error());
                            }
                            return Answer{contact_json(order, contact), 200};
                          });
}

Result<HttpResponse> delete_contact(const HubApi& api, const HttpRequest& request,
                                    const Principal& principal) {
  const auto order = id_of<OrderId>(request, "order");
  if (!order) return fail(order.error());
  return api.commands.run(without_key(request), principal,
                          [order = *order](UnitOfWork& work) -> Result<Answer> {
                            if (auto ok = erase_contact(work, order); !ok) return fail(ok.error());
                            auto body = json::Value::object();
                            body.set("order", order.value().text()).set("erased", true);
                            return Answer{std::move(body), 200};
                          });
}

json::Value notification_json(const storage::Notification& one) {
  auto object = json::Value::object();
  object.set("id", one.id.text())
      .set("order", one.order.value().text())
      .set("kind", name_of(one.kind))
      .set("state", name_of(one.state));
  program::set_or_null(object, "message",
                       one.message ? std::optional(one.message->text()) : std::nullopt);
  object.set("attempts", one.attempts).set("error", one.error).set("made_at", one.made_at.text());
  const bool pending = one.state == domain::NotificationState::kPending;
  program::set_or_null(object, "next_at",
                       pending ? std::optional(one.next_at.text()) : std::nullopt);
  program::set_or_null(object, "sent_at",
                       one.sent_at ? std::optional(one.sent_at->text()) : std::nullopt);
  return object;
}

Result<storage::NotificationPage> read_wanted(const HttpRequest& request,
                                              const program::PageRequest& page) {
  storage::NotificationPage wanted;
  wanted.limit = page.limit + 1;
  if (const auto text = request.query_value("order")) {
    const auto order = Uuid::parse(*text);
    if (!order) return fail(order.error());
    wanted.order = OrderId(*order);
  }
  if (const auto text = request.query_value("state")) {
    const auto state = domain::parse_notification_state(*text);
    if (!state) return fail(state.error());
    wanted.state = *state;
  }
  const auto behind = program::rank_behind(page);
  if (!behind) return fail(behind.error());
  if (*behind) wanted.after_rank = **behind;
  return wanted;
}

Result<HttpResponse> notification_page(const HubApi& api, const HttpRequest& request,
                                       const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  const auto wanted = read_wanted(request, *page);
  if (!wanted) return fail(wanted.error());
  const auto body = api.readers.read([&wanted, &page](storage::Connection& connection) {
    auto rows = storage::notifications(connection, *wanted);
    const bool more = program::cut_page(rows, page->limit);
    auto items = json::Value::array();
    for (const storage::Notification& row : rows) items.add(notification_json(row));
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", rows.back().rank)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

Result<Answer> send_again(UnitOfWork& work, const Uuid& id) {
  const auto found = storage::find_notification(work.connection(), id);
  if (!found) {
    return fail(ErrorCode::kNotFound, "no_such_notification", "there is no such notification");
  }
  if (found->state == domain::NotificationState::kSending) {
    return fail(ErrorCode::kConflict, "being_sent",
                "it is being sent at this moment: nothing was changed. Look again in a minute");
  }
  if (!storage::order_contact(work.connection(), found->order)) return no_contact();
  storage::send_again(work.connection(), *found, work.now());
  return Answer{notification_json(*storage::find_notification(work.connection(), id)), 200};
}

Result<HttpResponse> resend(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  const auto id = Uuid::parse(request.parameter("notification"));
  if (!id) return fail(id.error());
  return api.commands.run(request, principal,
                          [id = *id](UnitOfWork& work) { return send_again(work, id); });
}

Result<HttpResponse> preview(const MessageTemplates& templates, const HttpRequest& request) {
  const auto language = domain::parse_notice_language(request.query_value("lang").value_or("en"));
  if (!language) return fail(language.error());
  const auto kind = domain::parse_notification_kind(request.parameter("kind"));
  if (!kind) return fail(ErrorCode::kNotFound, "no_such_preview", kind.error().message);
  const Message message = templates.render(sample_notice(*kind), *language);
  return runtime::json_response(json::Value::object()
                                    .set("kind", name_of(*kind))
                                    .set("language", name_of(*language))
                                    .set("subject", message.subject)
                                    .set("text", message.text)
                                    .set("html", message.html));
}

}  // namespace

std::vector<runtime::Route> notification_routes(const HubApi& api, const OutboxRules& rules,
                                                std::function<MessageTemplates()> templates) {
  const auto put = [api, rules](const HttpRequest& request, const Principal& principal) {
    return put_contact(api, request, principal, rules);
  };
  // Templates are used by one thread at a time, and previews come on many.
  const auto show = [templates = std::move(templates)](const HttpRequest& request,
                                                       const Principal&) {
    return preview(templates(), request);
  };
  return {
      {"GET", "/api/v1/orders/{order}/contact", "orders.contact", with(api, get_contact)},
      {"PUT", "/api/v1/orders/{order}/contact", "orders.contact", put},
      {"DELETE", "/api/v1/orders/{order}/contact", "orders.contact", with(api, delete_contact)},
      {"GET", "/api/v1/notifications", "notifications.read", with(api, notification_page)},
      {"POST", "/api/v1/notifications/{notification}/resend", "notifications.resend",
       with(api, resend)},
      {"GET", "/api/v1/notification-previews/{kind}", "notifications.read", show},
  };
}

}  // namespace cairn::central

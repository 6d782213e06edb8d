package org.firstlight.dm.api;

import static org.firstlight.dm.api.Route.delete;
import static org.firstlight.dm.api.Route.get;
import static org.firstlight.dm.api.Route.post;
import static org.firstlight.dm.api.Route.put;

import io.javalin.http.HandlerType;
import java.util.List;
import org.firstlight.dm.access.Permission;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.trust.Manufacturer;

/** Everything that is served below {@code /api/v1}. */
record Routes(
    SessionRoutes session,
    OidcRoutes oidc,
    AccountRoutes account,
    UserRoutes users,
    DeviceRoutes devices,
    HoldingRoutes holdings,
    CertificateRoutes certificates,
    OperationRoutes operations,
    ClaimRoutes claims,
    Shelf<ClaimPage> claimPages,
    ClaimPageRoutes endUsers,
    Shelf<Manufacturer> manufacturers,
    ProofRoutes proofs,
    RevocationRoutes revocation,
    ShipmentRoutes shipments,
    Shelf<Tenant> tenants,
    TokenRoutes tokens,
    PlanRoutes plans,
    Shelf<Configuration> configurations,
    SubscriptionRoutes subscriptions,
    ConnectionRoutes connections,
    ModelRoutes models,
    EventRoutes events,
    AuditRoutes audit,
    SetAsideRoutes setAside) {

  /** The one table, in the order of openapi.yaml. */
  List<Route> table() {
    return List.of(
        // who is asking; a sign-in is written down by its handler, which learns who it was
        post("/session", Permission.SIGN_IN, "", session::signIn),
        get("/session", Permission.OWN_SESSION, session::show),
        delete("/session", Permission.OWN_SESSION, "session.end", session::signOut),
        get("/session/ways", Permission.SIGN_IN, oidc::ways),
        get("/session/oidc/start", Permission.SIGN_IN, oidc::start),
        get("/session/oidc/callback", Permission.SIGN_IN, oidc::callback),
        put(
            "/account/password",
            Permission.OWN_ACCOUNT,
            "password.change",
            account::changePassword),
        get("/sessions", Permission.OWN_ACCOUNT, account::list),
        delete("/sessions/{id}", Permission.OWN_ACCOUNT, "session.revoke", account::end),

        // the people of a tenant
        get("/users", Permission.MANAGE_USERS, users::list),
        get("/users/{name}", Permission.MANAGE_USERS, users::get),
        put("/users/{name}", Permission.MANAGE_USERS, "user.put", users::put),
        delete("/users/{name}", Permission.MANAGE_USERS, "user.delete", users::delete),
        post("/users/{name}/invitation", Permission.MANAGE_USERS, "user.invite", users::invite),
        delete("/users/{name}/sessions", Permission.MANAGE_USERS, "user.sign-out", users::signOut),

        // the fleet
        get("/devices", Permission.SEE_DEVICES, devices::list),
        post("/devices", Permission.IMPORT_DEVICES, "device.import", devices::importList),
        get("/device-counts", Permission.FOLLOW_DEVICES, devices::count),
        get("/devices/{endpointName}", Permission.SEE_DEVICES, devices::get),
        put("/devices/{endpointName}/tags", Permission.TAG_DEVICES, "device.tag", devices::tag),
        put(
            "/devices/{endpointName}/revocation",
            Permission.REVOKE_DEVICES,
            "device.revoke",
            devices::revoke),
        delete(
            "/devices/{endpointName}/revocation",
            Permission.REVOKE_DEVICES,
            "device.restore",
            devices::restore),
        post(
            "/devices/{endpointName}/retirement",
            Permission.RETIRE_DEVICES,
            "device.retire",
            devices::retire),
        get("/devices/{endpointName}/journey", Permission.FOLLOW_DEVICES, devices::journey),
        get("/devices/{endpointName}/sessions", Permission.FOLLOW_DEVICES, devices::sessions),
        get(
            "/devices/{endpointName}/registrations",
            Permission.FOLLOW_DEVICES,
            devices::registrations),
        get("/devices/{endpointName}/resources", Permission.FOLLOW_DEVICES, holdings::resources),
        new Route(
            HandlerType.POST,
            "/devices/{endpointName}/operations",
            Permission.OPERATE_DEVICES,
            "device.operate",
            operations::operate),
        get(
            "/devices/{endpointName}/configuration",
            Permission.SEE_CONFIGURATIONS,
            holdings::drift),
        get(
            "/devices/{endpointName}/certificates",
            Permission.FOLLOW_DEVICES,
            certificates::ofDevice),
        put(
            "/devices/{endpointName}/certificates/{serialNumber}/revocation",
            Permission.MANAGE_CERTIFICATES,
            "device.revoke-certificate",
            certificates::revoke),
        post(
            "/devices/{endpointName}/renewal",
            Permission.MANAGE_CERTIFICATES,
            "device.renew-certificate",
            certificates::renew),
        get("/certificates", Permission.FOLLOW_DEVICES, certificates::ending),

        // owning a device
        post("/claims", Permission.CLAIM_DEVICES, "device.claim", claims::claim),
        delete(
            "/claims/{endpointName}", Permission.CLAIM_DEVICES, "device.release", claims::release),
        post(
            "/devices/{endpointName}/transfer",
            Permission.CLAIM_DEVICES,
            "device.transfer",
            claims::transfer),

        // an end user's own: on a page, and by the pass that the claim gave
        get("/claim-pages", Permission.SEE_CLAIM_PAGES, claimPages::list),
        get("/claim-pages/{id}", Permission.SEE_CLAIM_PAGES, claimPages::get),
        put("/claim-pages/{id}", Permission.EDIT_CLAIM_PAGES, "claim-page.put", claimPages::put),
        delete(
            "/claim-pages/{id}",
            Permission.EDIT_CLAIM_PAGES,
            "claim-page.delete",
            claimPages::delete),
        get("/claim-pages/{id}/offers", Permission.SIGN_IN, endUsers::offers),
        // written down by its handler, which learns which device it was
        post("/claim-pages/{id}/claims", Permission.SIGN_IN, "", endUsers::claim),
        get("/my-device", Permission.OWN_DEVICE, endUsers::myDevice),
        delete("/my-device", Permission.OWN_DEVICE, "device.leave", endUsers::leave),

        // trust
        get("/manufacturers", Permission.SEE_MANUFACTURERS, manufacturers::list),
        get("/manufacturers/{id}", Permission.SEE_MANUFACTURERS, manufacturers::get),
        put(
            "/manufacturers/{id}",
            Permission.EDIT_MANUFACTURERS,
            "manufacturer.put",
            manufacturers::put),
        delete(
            "/manufacturers/{id}",
            Permission.EDIT_MANUFACTURERS,
            "manufacturer.delete",
            manufacturers::delete),
        post(
            "/manufacturers/{id}/proofs",
            Permission.PROVE_AUTHORITIES,
            "manufacturer.prove",
            proofs::prove),
        get("/manufacturers/{id}/revocation-lists", Permission.SEE_MANUFACTURERS, revocation::list),
        get(
            "/manufacturers/{id}/ocsp-responders",
            Permission.SEE_MANUFACTURERS,
            revocation::responders),
        get("/shipments", Permission.IMPORT_DEVICES, shipments::list),
        post("/shipments", Permission.IMPORT_DEVICES, "shipment.begin", shipments::begin),
        get("/shipments/{id}", Permission.IMPORT_DEVICES, shipments::get),
        delete("/shipments/{id}", Permission.IMPORT_DEVICES, "shipment.delete", shipments::delete),
        put(
            "/shipments/{id}/content",
            Permission.IMPORT_DEVICES,
            "shipment.send",
            shipments::append),
        get("/shipments/{id}/report", Permission.IMPORT_DEVICES, shipments::report),
        get("/tenants", Permission.SEE_TENANTS, tenants::list),
        get("/tenants/{id}", Permission.SEE_TENANTS, tenants::get),
        put("/tenants/{id}", Permission.EDIT_TENANTS, "tenant.put", tenants::put),
        delete("/tenants/{id}", Permission.DELETE_TENANTS, "tenant.delete", tenants::delete),
        get("/tokens", Permission.OWN_TOKENS, tokens::list),
        post("/tokens", Permission.OWN_TOKENS, "token.create", tokens::create),
        delete("/tokens/{id}", Permission.OWN_TOKENS, "token.delete", tokens::delete),

        // what devices are given, and how they are configured
        get("/onboarding-plans", Permission.SEE_PLANS, plans::list),
        get("/onboarding-plans/{id}", Permission.SEE_PLANS, plans::get),
        put("/onboarding-plans/{id}", Permission.EDIT_PLANS, "onboarding-plan.put", plans::put),
        delete(
            "/onboarding-plans/{id}",
            Permission.EDIT_PLANS,
            "onboarding-plan.delete",
            plans::delete),
        get("/onboarding-plans/{id}/versions", Permission.SEE_PLANS, plans::versions),
        get("/onboarding-plans/{id}/versions/{version}", Permission.SEE_PLANS, plans::version),
        post(
            "/onboarding-plans/{id}/versions/{version}/restoration",
            Permission.EDIT_PLANS,
            "onboarding-plan.restore",
            plans::restore),
        get("/onboarding-plans/{id}/comparison", Permission.SEE_PLANS, plans::compare),
        post(
            "/onboarding-plan-trials", Permission.EDIT_PLANS, "onboarding-plan.try", plans::dryRun),
        get("/configurations", Permission.SEE_CONFIGURATIONS, configurations::list),
        get("/configurations/{id}", Permission.SEE_CONFIGURATIONS, configurations::get),
        put(
            "/configurations/{id}",
            Permission.CONFIGURE_DEVICES,
            "configuration.put",
            configurations::put),
        delete(
            "/configurations/{id}",
            Permission.CONFIGURE_DEVICES,
            "configuration.delete",
            configurations::delete),

        // sealed subscriptions
        get("/subscriptions", Permission.SEE_SUBSCRIPTIONS, subscriptions::list),
        post(
            "/subscriptions",
            Permission.IMPORT_SUBSCRIPTIONS,
            "subscription.import",
            subscriptions::importList),
        get("/subscriptions/{packageId}", Permission.SEE_SUBSCRIPTIONS, subscriptions::get),

        // clients of one's own
        post("/connections", Permission.CONNECT_CLIENTS, "client.connect", connections::create),

        // object definitions
        get("/object-models", Permission.SEE_MODELS, models::list),
        post("/object-models", Permission.EDIT_MODELS, "object-model.load", models::upload),
        get("/object-models/{objectId}", Permission.SEE_MODELS, models::get),

        // what happens
        get("/events", Permission.FOLLOW_EVENTS, events::follow),
        get("/handshake-failures", Permission.SEE_HANDSHAKES, events::handshakeFailures),
        get("/audit", Permission.SEE_AUDIT, audit::list),
        get("/audit/export", Permission.SEE_AUDIT, audit::export),

        // what could not be read
        get("/set-aside", Permission.CLEAR_SET_ASIDE, setAside::list),
        delete(
            "/set-aside/{noteId}",
            Permission.CLEAR_SET_ASIDE,
            "set-aside.discard",
            setAside::discard));
  }
}

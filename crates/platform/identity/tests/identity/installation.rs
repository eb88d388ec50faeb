//! What administrators change of the installation while it runs.

use axum::http::StatusCode;
use rampart_testkit::on_both;
use serde_json::json;

use crate::office::*;

const SETTINGS: &str = "/api/v1/admin/settings";

#[test]
fn settings_are_in_force_at_once_and_in_the_record() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let usual = json!({
            "registrationMode": "invite", "maintenanceMode": false, "defaultTier": "enterprise",
            "retention": { "reportDays": 90, "webhookDeliveryDays": 30, "notificationDays": 90 },
        });
        assert_eq!(*succeeded(&admin.get(SETTINGS).await), usual);
        let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user", "maxUses": 2 })).await;
        let code = succeeded(&invited)["code"].as_str().unwrap().to_owned();

        let change = json!({ "registrationMode": "closed", "defaultTier": "free", "retention": { "reportDays": 7 } });
        let changed = admin.patch(SETTINGS, change).await;
        assert_eq!(succeeded(&changed)["retention"]["reportDays"], 7);
        assert_eq!(changed.body["retention"]["notificationDays"], 90, "what is not named stays");
        let entrance = office.client.get("/api/v1/config/public").await;
        assert_eq!(entrance.body["registrationMode"], "closed");
        refused(&office.register(&code, "late@example.com").await, 403, "REGISTRATION_CLOSED");
        succeeded(&admin.patch(SETTINGS, json!({ "registrationMode": "invite" })).await);
        succeeded(&office.register(&code, "ada@example.com").await);
        let ada = office.signed_in("ada@example.com").await;
        assert_eq!(ada.get("/api/v1/auth/me").await.body["currentWorkspace"]["tier"], "free");
        assert_eq!(office.identity.retention().await.unwrap().report_days, rampart_identity::Days::new(7));

        let sql = "SELECT changes FROM audit_logs WHERE action = 'settings.changed' ORDER BY seq LIMIT 10";
        let rows = office.test.store.read().await.unwrap().list(sql, &[]).await.unwrap();
        let first: serde_json::Value = rows[0].get("changes").unwrap();
        assert_eq!((rows.len(), &first["before"]), (2, &usual));

        for bad in [
            json!({ "registrationMode": "open-ish" }),
            json!({ "retention": { "reportDays": 0 } }),
            json!({ "retention": { "reportDays": 4_000 } }),
            json!({ "more": 1 }),
        ] {
            refused(&admin.patch(SETTINGS, bad).await, 400, "VALIDATION_ERROR");
        }
        refused(&ada.get(SETTINGS).await, 403, "FORBIDDEN");
        refused(&ada.patch(SETTINGS, json!({ "maintenanceMode": true })).await, 403, "FORBIDDEN");
    });
}

#[test]
fn during_maintenance_changes_are_taken_from_administrators_only() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let rename = async || ada.client.patch(&ada.path(""), json!({ "name": "Mine" })).await;
        succeeded(&admin.patch(SETTINGS, json!({ "maintenanceMode": true })).await);
        assert_eq!(office.client.get("/api/v1/config/public").await.body["maintenanceMode"], true);
        let answer = rename().await;
        refused(&answer, 503, "SERVICE_UNAVAILABLE");
        assert_eq!(answer.headers["retry-after"], "60");
        assert!(answer.body["error"].as_str().unwrap().contains("maintenance"), "{}", answer.text);
        let forgot = office.client.post("/api/v1/auth/forgot-password", json!({ "email": "ada@example.com" })).await;
        refused(&forgot, 503, "SERVICE_UNAVAILABLE");
        // It can be read, everybody can sign in, and who administers it goes on.
        succeeded(&ada.client.get(&ada.path("")).await);
        let again = office.signed_in("admin@example.com").await;
        assert_eq!(office.log_in("ada@example.com").await.status, StatusCode::OK);
        succeeded(&again.patch(&ada.path(""), json!({ "name": "Theirs" })).await);
        succeeded(&again.patch(SETTINGS, json!({ "maintenanceMode": false })).await);
        succeeded(&rename().await);
    });
}

//! What this module's use cases ask for. What somebody reads and changes is always their own.

rampart_access::permissions! {
    /// Read one's notifications.
    ReadNotifications = "notifications.read": Viewer, Read;
    /// Mark them as read, delete them, choose what one hears of.
    ChangeNotifications = "notifications.change": Viewer, Write;
}

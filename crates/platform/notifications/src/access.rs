//! What this module's use cases ask for. What somebody reads and changes is always their own.

rampart_access::permissions! {
    /// Read one's notifications.
    ReadNotifications = "notifications.read": Viewer, Read;
    /// Mark them as read, delete them, choose what one hears of.
    ChangeNotifications = "notifications.change": Viewer, Write;
    /// Say which rooms, programs and addresses are told besides people. What waits for them is delivered with it, too.
    ManageChannels = "channels.manage": Admin, Admin;
}

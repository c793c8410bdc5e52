"""What the photo API's apps are told while they look (photos §11), over Socket.IO; our own client has `/ws`."""

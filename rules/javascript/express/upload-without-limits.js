const express = require('express');
const multer = require('multer');
const fileUpload = require('express-fileupload');
const storage = multer.memoryStorage();
const app = express();

// ruleid: javascript.express.upload-without-limits
const upload = multer({ storage });
// ruleid: javascript.express.upload-without-limits
app.use(fileUpload());

// ok: javascript.express.upload-without-limits
const limited = multer({ storage, limits: { fileSize: 1048576 } });
// ok: javascript.express.upload-without-limits
app.use(fileUpload({ limits: { fileSize: 1048576 }, abortOnLimit: true }));
// ok: javascript.express.upload-without-limits
const shared = multer({ ...uploadOptions, storage });

module.exports = { app, upload, limited, shared };

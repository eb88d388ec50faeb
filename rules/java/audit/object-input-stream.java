package com.example.sessions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Base64;
import org.apache.commons.lang3.SerializationUtils;

public class SessionCodec {
    Object fromCookie(String cookie) throws Exception {
        byte[] raw = Base64.getDecoder().decode(cookie);
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(raw));
        // ruleid: java.audit.object-input-stream
        return in.readObject();
    }

    Object fromSocket(InputStream stream) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(stream)) {
            // ruleid: java.audit.object-input-stream
            Session session = (Session) in.readObject();
            return session;
        }
    }

    Object inline(InputStream stream) throws Exception {
        // ruleid: java.audit.object-input-stream
        return new ObjectInputStream(stream).readObject();
    }

    Object helper(byte[] raw) {
        // ruleid: java.audit.object-input-stream
        return SerializationUtils.deserialize(raw);
    }

    Object filtered(InputStream stream) throws Exception {
        ObjectInputStream in = new ObjectInputStream(stream);
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("com.example.sessions.*;!*"));
        // ok: java.audit.object-input-stream
        return in.readObject();
    }

    Object deepCopy(Serializable value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream out = new ObjectOutputStream(bytes);
        out.writeObject(value);
        out.flush();
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        // ok: java.audit.object-input-stream
        return in.readObject();
    }

    Object json(JsonReader in) {
        // ok: java.audit.object-input-stream
        return in.readObject();
    }

    static class Session implements Serializable {
        private transient Object cache;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            // ok: java.audit.object-input-stream
            cache = in.readObject();
        }
    }
}

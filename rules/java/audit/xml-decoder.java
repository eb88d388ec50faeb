package com.example.importer;

import java.beans.XMLDecoder;
import java.beans.XMLEncoder;
import java.io.InputStream;
import java.io.OutputStream;
import javax.xml.bind.JAXBContext;

public class Importer {
    Object load(InputStream upload) {
        // ruleid: java.audit.xml-decoder
        XMLDecoder decoder = new XMLDecoder(upload);
        return decoder.readObject();
    }

    Object loadTry(InputStream upload) {
        // ruleid: java.audit.xml-decoder
        try (XMLDecoder decoder = new XMLDecoder(upload, null, null)) {
            return decoder.readObject();
        }
    }

    void save(OutputStream out, Object value) {
        // ok: java.audit.xml-decoder
        try (XMLEncoder encoder = new XMLEncoder(out)) {
            encoder.writeObject(value);
        }
    }

    Object bind(InputStream upload) throws Exception {
        // ok: java.audit.xml-decoder
        return JAXBContext.newInstance(Order.class).createUnmarshaller().unmarshal(upload);
    }
}

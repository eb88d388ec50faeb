package com.example.importer;

import java.beans.XMLDecoder;
import java.beans.XMLEncoder;
import java.io.InputStream;
import java.io.OutputStream;
import javax.xml.bind.JAXBContext;

public class Importer {
    Object load(InputStream upload) {
        // ruleid: java.deserialization.xml-decoder
        XMLDecoder decoder = new XMLDecoder(upload);
        return decoder.readObject();
    }

    Object loadTry(InputStream upload) {
        // ruleid: java.deserialization.xml-decoder
        try (XMLDecoder decoder = new XMLDecoder(upload, null, null)) {
            return decoder.readObject();
        }
    }

    void save(OutputStream out, Object value) {
        // ok: java.deserialization.xml-decoder
        try (XMLEncoder encoder = new XMLEncoder(out)) {
            encoder.writeObject(value);
        }
    }

    Object bind(InputStream upload) throws Exception {
        // ok: java.deserialization.xml-decoder
        return JAXBContext.newInstance(Order.class).createUnmarshaller().unmarshal(upload);
    }
}

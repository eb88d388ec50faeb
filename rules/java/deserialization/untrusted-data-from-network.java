package com.example.cluster;

import com.thoughtworks.xstream.XStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.net.ServerSocket;
import java.net.Socket;
import javax.jms.JMSException;
import javax.jms.TextMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.commons.lang3.SerializationUtils;

public class Node {
    void serve(ServerSocket server) throws IOException {
        Socket peer = server.accept();
        // ruleid: java.deserialization.untrusted-data-from-network
        ObjectInputStream in = new ObjectInputStream(peer.getInputStream());
        in.close();
    }

    void message(TextMessage message) throws JMSException {
        XStream xstream = new XStream();
        // ruleid: java.deserialization.untrusted-data-from-network
        xstream.fromXML(message.getText());
    }

    void record(ConsumerRecord<String, byte[]> record) {
        restore(record.value());
    }

    private Object restore(byte[] bytes) {
        // ruleid: java.deserialization.untrusted-data-from-network
        return SerializationUtils.deserialize(bytes);
    }

    void filtered(Socket peer) throws IOException {
        // ok: java.deserialization.untrusted-data-from-network
        ObjectInputStream in = new ObjectInputStream(peer.getInputStream());
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("com.example.model.*;!*"));
    }

    void own(InputStream defaults) throws IOException {
        // ok: java.deserialization.untrusted-data-from-network
        ObjectInputStream in = new ObjectInputStream(defaults);
        in.close();
    }

    void plain(TextMessage message) throws JMSException {
        // ok: java.deserialization.untrusted-data-from-network
        Integer.parseInt(message.getText());
    }
}

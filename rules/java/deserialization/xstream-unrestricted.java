package com.example.orders;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.io.xml.StaxDriver;
import com.thoughtworks.xstream.security.AnyTypePermission;

public class OrderXml {
    Object open(String body) {
        XStream xstream = new XStream(new StaxDriver());
        xstream.alias("order", Order.class);
        // ruleid: java.deserialization.xstream-unrestricted
        return xstream.fromXML(body);
    }

    Object any(String body) {
        XStream xstream = new XStream();
        // ruleid: java.deserialization.xstream-unrestricted
        xstream.addPermission(AnyTypePermission.ANY);
        return xstream.fromXML(body);
    }

    Object inline(String body) {
        // ruleid: java.deserialization.xstream-unrestricted
        return new XStream().fromXML(body);
    }

    Object restricted(String body) {
        XStream xstream = new XStream();
        xstream.allowTypes(new Class[] {Order.class});
        // ok: java.deserialization.xstream-unrestricted
        return xstream.fromXML(body);
    }

    Object wildcard(String body) {
        XStream xstream = new XStream();
        xstream.allowTypesByWildcard(new String[] {"com.example.orders.**"});
        // ok: java.deserialization.xstream-unrestricted
        return xstream.fromXML(body);
    }

    String write(Order order) {
        XStream xstream = new XStream();
        // ok: java.deserialization.xstream-unrestricted
        return xstream.toXML(order);
    }
}

package com.example.notes;

import android.app.Activity;
import android.content.Intent;
import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import android.os.Bundle;

public class NoteActivity extends Activity {
    private SQLiteDatabase db;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        String title = getIntent().getStringExtra("title");
        // ruleid: java.android.sql-from-intent
        Cursor notes = db.rawQuery("SELECT * FROM notes WHERE title = '" + title + "'", null);
        notes.close();
        remove(getIntent().getData().getLastPathSegment());
    }

    private void remove(String id) {
        // ruleid: java.android.sql-from-intent
        db.execSQL("DELETE FROM notes WHERE id = " + id);
    }

    @Override
    protected void onNewIntent(Intent intent) {
        String folder = intent.getStringExtra("folder");
        // ruleid: java.android.sql-from-intent
        db.delete("notes", "folder = '" + folder + "'", null);
        // ok: java.android.sql-from-intent
        db.delete("notes", "folder = ?", new String[] {folder});
        // ok: java.android.sql-from-intent
        db.rawQuery("SELECT * FROM notes WHERE title = ?", new String[] {folder});
        // ok: java.android.sql-from-intent
        db.execSQL("DELETE FROM notes WHERE id = " + Long.parseLong(intent.getStringExtra("id")));
    }
}

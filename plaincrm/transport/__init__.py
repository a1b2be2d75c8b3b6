"""The wire: SMTP and sendmail. Nothing else in plaincrm talks to another machine, git aside."""

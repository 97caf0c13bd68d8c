"""Invented documents that tell of partnerships, for the pictures of their pages."""

DOCUMENTS = {
    "2016-ardenne.txt": """Nordwall MedCluster und Pôle Santé Ardenne arbeiten zusammen

Harzburg, 4. Mai 2016. Der Nordwall MedCluster e. V. und der Pôle Santé Ardenne haben heute eine \
Absichtserklärung unterzeichnet. Unterschrieben haben Dr. Silke Brandauer, Geschäftsführerin des \
Nordwall MedCluster, und Luc Perrin, Direktor des Pôle Santé Ardenne.
""",
    "2021-ardenne.txt": """Abkommen mit dem Pôle Santé Ardenne erneuert

Charleville, 6. Mai 2021. Der Nordwall MedCluster e. V. und der Pôle Santé Ardenne haben ihre \
Absichtserklärung am 6. Mai 2021 erneuert. Sie gilt bis Ende 2026.
""",
    "2018-lorval.txt": """Vereinbarung mit der Agence Santé Lorval

Harzburg, 12. März 2018. Der Nordwall MedCluster e. V. und die Agence Santé Lorval haben am \
9. März 2018 eine Kooperationsvereinbarung unterzeichnet.
""",
    "2022-lorval.txt": """Vereinbarung endet

Harzburg, 10. Januar 2022. Die Vereinbarung zwischen dem Nordwall MedCluster e. V. und der Agence \
Santé Lorval ist zum 31. Dezember 2021 ausgelaufen und wird nicht verlängert.
""",
    "2023-wardale.txt": """Kooperation mit dem Wardale Life Science Network

Harzburg, 12. Juni 2023. Der Nordwall MedCluster e. V. und das Wardale Life Science Network haben \
am 9. Juni 2023 eine Kooperationsvereinbarung unterzeichnet.
""",
    "2024-okanagan.txt": """Letter of Intent mit Okanagan MedTech

Kelowna, 19. September 2024. Der Nordwall MedCluster e. V. und der Okanagan MedTech Cluster haben \
am 18. September 2024 einen Letter of Intent unterzeichnet.
""",
    "mitglieder.txt": """Mitglieder des Nordwall MedCluster e. V.
Stand: 1. März 2024

- Zellberg Robotics GmbH, Goslar
- Klinikum Okertal, Goslar
- Hochschule Bodewald, Bodewald
- Ilsetal Diagnostik AG, Ilsenburg
- Stiftung Brockenblick, Wernigerode
""",
    "2023-auriga.txt": """Steckbrief AURIGA-X

Laufzeit: 1. Oktober 2023 bis 30. September 2026
Koordination: Hochschule Bodewald
Partner: Nordwall MedCluster e. V., Zellberg Robotics GmbH (Goslar), Klinikum Okertal, Pôle Santé \
Ardenne
""",
    "2019-allianz.txt": """Harz-Ardennen-Allianz gegründet

Harzburg, 2. September 2019. Der Nordwall MedCluster e. V., der Pôle Santé Ardenne und das Wardale \
Life Science Network haben heute die Harz-Ardennen-Allianz gegründet.
""",
}
